/* compress.c: LZ77 with a hash chain, and back again: bytes, tables, copies. */
#include "kernel.h"
#define SIZE 8192
static unsigned char input[SIZE], packed[2 * SIZE], output[SIZE];
static int heads[1024];
static unsigned hash3(const unsigned char *p) { return ((p[0] << 4) ^ (p[1] << 2) ^ p[2] * 31u) & 1023; }
static long compress(void) {
  long out = 0;
  for (int i = 0; i < 1024; i++) heads[i] = -1;
  for (int at = 0; at < SIZE;) {
    int length = 0, from = -1;
    if (at + 3 < SIZE) {
      unsigned h = hash3(input + at);
      from = heads[h];
      heads[h] = at;
      if (from >= 0) while (length < 255 && at + length < SIZE && input[from + length] == input[at + length]) length++;
    }
    if (length >= 4) {
      packed[out++] = 0;
      packed[out++] = (unsigned char)length;
      packed[out++] = (unsigned char)(at - from);
      packed[out++] = (unsigned char)((at - from) >> 8);
      at += length;
    } else packed[out++] = input[at++] | 1;
  }
  return out;
}
static long expand(long size) {
  long out = 0;
  for (long at = 0; at < size;) {
    if (packed[at] != 0) { output[out++] = packed[at++]; continue; }
    int length = packed[at + 1], back = packed[at + 2] | packed[at + 3] << 8;
    at += 4;
    for (; length; length--, out++) output[out] = output[out - back];
  }
  return out;
}
static unsigned long kernel(long rounds) {
  unsigned long sum = 0;
  unsigned seed = 5;
  for (int i = 0; i < SIZE; i++) {
    seed = seed * 1664525 + 1013904223;
    input[i] = (unsigned char)((seed >> 24) % 7 ? input[i > 40 ? i - 33 : 0] : seed >> 20) | 1;
  }
  for (long r = 0; r < rounds; r++) {
    input[r % SIZE] ^= 2;
    long size = compress();
    sum += (unsigned long)(size + expand(size)) + output[r % SIZE];
  }
  return sum;
}
