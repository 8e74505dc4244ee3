/* floats.c: doubles: a matrix product and a body's orbit. */
#include "kernel.h"
static double a[60][60], b[60][60], c[60][60];
static void multiply(void) {
  for (int i = 0; i < 60; i++)
    for (int j = 0; j < 60; j++) {
      double sum = 0;
      for (int k = 0; k < 60; k++) sum += a[i][k] * b[k][j];
      c[i][j] = sum;
    }
}
static double orbit(int steps) {
  double x = 1, y = 0, u = 0, v = 0.9;
  for (int n = 0; n < steps; n++) {
    double r2 = x * x + y * y, pull = 0.001 / (r2 * (r2 > 1 ? r2 : 1.5));
    u -= x * pull;
    v -= y * pull;
    x += u * 0.001;
    y += v * 0.001;
  }
  return x + y;
}
static unsigned long kernel(long rounds) {
  double sum = 0;
  for (int i = 0; i < 60; i++)
    for (int j = 0; j < 60; j++) a[i][j] = i - j, b[i][j] = i * j % 7;
  for (long r = 0; r < rounds; r++) {
    a[3][r % 60] += 1;
    multiply();
    sum += c[3][5] + orbit(20000);
  }
  return (unsigned long)(long)sum;
}
