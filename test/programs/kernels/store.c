/* store.c: a loop that stores to one variable and to an array beside it: what watching costs. */
#include "kernel.h"
struct page {
  volatile unsigned long counter;
  unsigned long pad[31];
  volatile unsigned array[512];
} __attribute__((aligned(4096)));
struct page page;
struct page elsewhere;
static unsigned long kernel(long rounds) {
  for (long r = 0; r < rounds; r++)
    for (unsigned i = 0; i < 512; i++) {
      page.array[i] = i + (unsigned)r;
      page.array[(i * 5) & 511] += 3;
      page.counter = i;
    }
  elsewhere.counter = 1;
  return page.array[17] + page.counter;
}
