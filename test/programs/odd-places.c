// odd-places.c: variables that are not watched as they are written: wide, unaligned, in a register, of few bits.
struct node {
  struct node *next;
  int key;
  unsigned mode : 3;
  unsigned rest : 5;
};
struct __attribute__((packed)) odd {
  char tag;
  int value;
};
struct odd odd = {1, 2};
struct node head, *list = &head;
int grid[10][10];
int pair[2];
static int own_static;
int größe = 4;

int main(void) {
  register int quick = 3;
  own_static = quick;
  grid[1][2] = pair[0] = 3;
  odd.value++;
  größe++;
  list->key = head.mode;
  return 0;
}
