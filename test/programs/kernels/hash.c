/* hash.c: an open-addressing hash table: insertions and look-ups. */
#include "kernel.h"
#define SIZE 65536
static unsigned long keys[SIZE];
static unsigned counts[SIZE];
static unsigned find(unsigned long key) {
  unsigned long h = key * 0x9e3779b97f4a7c15ul;
  unsigned at = (unsigned)(h >> 48);
  while (keys[at] != 0 && keys[at] != key) at = (at + 1) % SIZE;
  return at;
}
static unsigned long kernel(long rounds) {
  unsigned long sum = 0, seed = 88172645463325252ul;
  for (long r = 0; r < rounds; r++) {
    for (int i = 0; i < 20000; i++) {
      seed ^= seed << 13;
      seed ^= seed >> 7;
      seed ^= seed << 17;
      unsigned at = find(seed % 40000 + 1);
      keys[at] = seed % 40000 + 1;
      sum += ++counts[at];
    }
  }
  return sum;
}
