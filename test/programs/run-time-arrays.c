// run-time-arrays.c: arrays whose length the program decides, a static within a function, bit-fields with a sign.

#include <stdio.h>

struct settings {
  unsigned mode : 3;
  int level : 5;
  union {
    int whole;
    unsigned char parts[4];
  } content;
};

struct settings settings = {5, -3, {0x04030201}};
int (*handlers[2])(void);

static int squares(int count) {
  static int calls;
  int values[count];
  char names[count][2];
  calls++;
  for (int i = 0; i < count; i++) {
    values[i] = i * i; // MARK fill
    names[i][0] = (char)('a' + i);
    names[i][1] = 0;
  }
  return values[count - 1] + names[0][0] + calls; // MARK filled
}

int main(void) {
  printf("%d\n", squares(5) + squares(3)); // MARK start
  return 0;
}
