// boxes.c: calls from one place that find the stack alike, and in it a pointer that leads elsewhere each time.
#include <stdio.h>

struct box {
  int value;
};

static struct box boxes[3];

static void bump(struct box *it) {
  it->value++; // MARK bump
}

int main(void) {
  for (int i = 0; i < 9; i++) // MARK start
    bump(&boxes[i % 3]);
  printf("%d %d %d\n", boxes[0].value, boxes[1].value, boxes[2].value); // MARK end
  return 0;
}
