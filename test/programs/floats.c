// floats.c: floating values that optimized code keeps in registers.
#include <stdio.h>

double sum;
float last;

__attribute__((noinline)) static double mix(double a, float b) {
  sum = a * 2 + b; // MARK mix
  last = b;
  printf("%f\n", a);
  return a + b;
}

int main(int argc, char **argv) {
  (void)argv;
  for (int n = 1; n <= 3; n++) mix(n * 1.5, (float)argc);
  return 0;
}
