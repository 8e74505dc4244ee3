// counter.c: globals that change, that are written with the value they have, and that are only read.
#include <stdio.h>

int counter = 40;
static long total;
int steady = 7;
const char *message = "hello";

static void bump(int by) {
  counter += by; // MARK bump
}

static void rewrite(void) {
  steady = 7; // MARK rewrite
}

int main(int argc, char **argv) {
  (void)argv;
  int rounds = 3; // MARK start
  for (int i = 0; i < rounds; i++) {
    bump(1);
    rewrite();
    total += counter; // MARK total
  }
  steady = 8; // MARK steady
  printf("counter %d total %ld %s\n", counter, total, message); // MARK print
  return argc == 1 ? 3 : 4;
}
