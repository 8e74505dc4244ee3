// twins.c: a function's name that means several: a static one of another file (twin.c), and the places where it is inlined.
#include <stdio.h>

int other_twin(int n);

static void put(volatile int *where, int value) {
  *where = value; // MARK put
}

static int twin(int n) {
  int mine = n; // MARK twin
  mine += 1;
  return mine;
}

static inline __attribute__((always_inline)) int folded(int n) {
  volatile int inner = n; // MARK folded
  put(&inner, n + 1);
  return inner;
}

/** The same place on the stack, after the inlined call is over. */
static int user(int n) {
  int first = folded(n);
  int second = folded(10 * n);
  volatile int later = first + second; // MARK later
  later++;
  return later;
}

int main(void) {
  int all = twin(1) + other_twin(2); // MARK start
  all += user(3);
  printf("%d\n", all); // MARK end
  return 0;
}
