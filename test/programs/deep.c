// deep.c: large functions that call each other, with much to keep across each call, as deep as is asked for: at last
// deeper than the stack.
#include <stdio.h>
#include <stdlib.h>

long rounds;

#define KEEP(n) long k##n = a * (n + 3) + b * (n + 7) + depth
#define FRACTION(n) double f##n = a * (n + 0.5) + b
#define CALL(n, next)                                                                                                  \
  if ((depth + n) % 5 == 0 && depth > 0) k##n += next(depth - 1, k##n & 7, a ^ n), f##n += k##n

#define LARGE(name, next)                                                                                              \
  __attribute__((noinline)) static long name(long depth, long a, long b) {                                             \
    KEEP(0); KEEP(1); KEEP(2); KEEP(3); KEEP(4); KEEP(5); KEEP(6); KEEP(7);                                            \
    FRACTION(0); FRACTION(1); FRACTION(2); FRACTION(3); FRACTION(4); FRACTION(5); FRACTION(6); FRACTION(7);            \
    rounds++;                                                                                                          \
    CALL(0, next); CALL(1, next); CALL(2, next); CALL(3, next); CALL(4, next);                                         \
    return (k0 ^ k1 ^ k2 ^ k3 ^ k4 ^ k5 ^ k6 ^ k7) + (long)(f0 - f1 + f2 - f3 + f4 - f5 + f6 - f7) % 7;                \
  }

static long first(long depth, long a, long b);
LARGE(third, first)
LARGE(second, third)
LARGE(first, second)

int main(int count, char **arguments) {
  (void)count;
  const long depth = atol(arguments[1]);
  long sum = 0;
  for (int n = 0; n < 200; n++) sum += first(500, n, n + 1);
  printf("warm %ld\n", sum);
  fflush(stdout);
  sum += first(depth, 1, 2); // MARK deep
  printf("deep %ld %ld\n", sum, rounds);
  return 0;
}
