/* sieve.c: Eratosthenes over bytes. */
#include "kernel.h"
static unsigned char composite[500000];
static unsigned long kernel(long rounds) {
  unsigned long count = 0;
  for (long r = 0; r < rounds; r++) {
    for (int i = 0; i < 500000; i++) composite[i] = 0;
    for (int i = 2; i * i < 500000; i++)
      if (!composite[i])
        for (int j = i * i; j < 500000; j += i) composite[j] = 1;
    for (int i = 2; i < 500000; i++) count += !composite[i];
  }
  return count;
}
