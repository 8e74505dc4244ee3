/* life.c: the game of life on bytes, with wrapping edges through small functions. */
#include "kernel.h"
#define W 64
#define H 48
static unsigned char world[2][H][W];
static int cell(int which, int x, int y) { return world[which][(y + H) % H][(x + W) % W]; }
static int neighbours(int which, int x, int y) {
  int n = 0;
  for (int dy = -1; dy <= 1; dy++)
    for (int dx = -1; dx <= 1; dx++)
      if (dx != 0 || dy != 0) n += cell(which, x + dx, y + dy);
  return n;
}
static unsigned long kernel(long rounds) {
  unsigned long sum = 0;
  unsigned seed = 3;
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++) seed = seed * 1664525 + 1013904223, world[0][y][x] = seed >> 31;
  for (long r = 0; r < rounds; r++) {
    int from = (int)(r & 1);
    for (int y = 0; y < H; y++)
      for (int x = 0; x < W; x++) {
        int n = neighbours(from, x, y);
        world[!from][y][x] = n == 3 || (n == 2 && cell(from, x, y));
      }
    for (int x = 0; x < W; x++) sum += world[!from][7][x];
  }
  return sum;
}
