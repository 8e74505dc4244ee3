/* fib.c: nothing but calls. */
#include "kernel.h"
__attribute__((noinline, noclone)) static unsigned fib(unsigned n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
static volatile unsigned depth = 27;
static unsigned long kernel(long rounds) {
  unsigned long sum = 0;
  for (long r = 0; r < rounds; r++) sum += fib(depth);
  return sum;
}
