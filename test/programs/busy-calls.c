// busy-calls.c: a function that is called very often, and its local: from a loop, or three calls deep.
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) static int work(int depth) {
  int sum = depth; // MARK sum
  if (depth > 0) sum += work(depth - 1);
  return sum;
}

int main(int argc, char **argv) {
  int rounds = argc > 1 ? atoi(argv[1]) : 10;
  int depth = argc > 2 ? atoi(argv[2]) : 0; // MARK start
  long total = 0;
  for (int i = 0; i < rounds; i++) total += work(depth);
  printf("%ld\n", total);
  return 0;
}
