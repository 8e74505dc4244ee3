/* matrix.c: product of integer matrices. */
#include "kernel.h"
#define N 96
static int a[N][N], b[N][N], c[N][N];
static unsigned long kernel(long rounds) {
  unsigned long sum = 0;
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) a[i][j] = i ^ j, b[i][j] = i * 3 + j;
  for (long r = 0; r < rounds; r++) {
    for (int i = 0; i < N; i++)
      for (int j = 0; j < N; j++) {
        int s = 0;
        for (int k = 0; k < N; k++) s += a[i][k] * b[k][j];
        c[i][j] = s;
      }
    a[r % N][(r * 7) % N] ^= c[(r * 5) % N][r % N] & 15;
    sum += (unsigned)c[r % N][(r * 3) % N];
  }
  return sum;
}
