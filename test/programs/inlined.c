// inlined.c: a function that has no code of its own writes, within another one that has none either.
#include <stdio.h>

int total;

static inline __attribute__((always_inline)) void put(int value) {
  total = value; // MARK put
}

static inline __attribute__((always_inline)) void twice(int value) {
  put(value);
  put(2 * value);
}

int main(int count, char **arguments) {
  total = 1; // MARK start
  twice(count + 4);
  printf("%d %s\n", total, arguments[0]);
  total = 0;
  return 0;
}
