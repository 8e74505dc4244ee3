// pointers.c: what a pointer leads to, while the pointer moves, is null, and comes back; wide and unaligned places.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct item {
  int value;
  struct item *next;
};

struct __attribute__((packed)) config {
  char tag;
  int flags;
  short levels[3];
  unsigned low : 4;
  unsigned high : 4;
};

struct item first = {1, NULL}, second = {2, NULL};
struct item *cursor = &first;
struct config cfg;
char text[12] = "hello";
int grid[2][3];

static void local(void) {
  struct item mine = {5, NULL};
  struct item *here = &first;
  puts("local");       // MARK local
  here->value = 30;    // MARK here
  here = &mine;        // MARK move
  here->value = 31;    // MARK mine
}

int main(void) {
  puts("start");        // MARK start
  cursor->value = 10;   // MARK first
  cursor = &second;     // MARK repoint
  first.value = 11;     // MARK not
  cursor->value = 20;   // MARK second
  cursor = NULL;        // MARK null
  second.value = 21;    // MARK unseen
  cursor = &first;      // MARK back
  cursor->value = 12;   // MARK again
  cfg.flags = 7;        // MARK flags
  cfg.levels[2] = 9;    // MARK levels
  cfg.low = 3;          // MARK low
  cfg.high = 10;       // MARK high
  text[7] = 'x';        // MARK text
  grid[1][2] = 6;       // MARK grid
  local();
  return 0;
}
