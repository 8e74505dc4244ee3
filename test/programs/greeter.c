// greeter.c: calls a function of a shared library (greeter-library.c).
#include <stdio.h>

extern int greet(int times);

int main(void) {
  int all = greet(2); // MARK call
  all += greet(3);    // MARK again
  printf("%d\n", all);
  return 0;
}
