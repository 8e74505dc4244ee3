/* queens.c: eight queens and more, by bit masks. */
#include "kernel.h"
static unsigned place(unsigned all, unsigned columns, unsigned left, unsigned right) {
  if (columns == all) return 1;
  unsigned count = 0;
  unsigned free = all & ~(columns | left | right);
  while (free) {
    unsigned bit = free & -free;
    free ^= bit;
    count += place(all, columns | bit, (left | bit) << 1, (right | bit) >> 1);
  }
  return count;
}
static volatile unsigned nothing;
static unsigned long kernel(long rounds) {
  unsigned long sum = 0;
  for (long r = 0; r < rounds; r++) sum += place((1u << 9) - 1, nothing, 0, 0);
  return sum;
}
