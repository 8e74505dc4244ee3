// demands.c: what the fifteen demands are shown on: five words, an unaligned one, threads, calls of calls, a flood.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>

int one, two, three, four, five;
struct __attribute__((packed)) {
  char tag;
  int count;
  char name[6];
} odd;
int shared;
int quiet;
volatile int flood;

static int sum(int n) {
  int part = n; // MARK part
  if (n > 0) part += sum(n - 1);
  return part; // MARK summed
}

static void reuse(void) {
  volatile int noise[64];
  for (int i = 0; i < 64; i++) noise[i] = i;
}

static void *worker(void *name) {
  pthread_setname_np(pthread_self(), name);
  for (int i = 0; i < 3; i++) shared += 1; // MARK shared
  return 0;
}

static void once(void) {
  one = 1; // MARK one
  one = 1; // MARK same
  two = one + 1;
  three = 3;
  four = 4;
  five = 5;      // MARK five
  odd.count = 7; // MARK count
  odd.name[2] = 'x';
}

int main(void) {
  puts("start"); // MARK start
  once();
  sum(2);  // MARK calls
  reuse(); // MARK reuse
  pthread_t threads[2];
  pthread_create(&threads[0], 0, worker, "left");
  pthread_join(threads[0], 0);
  pthread_create(&threads[1], 0, worker, "right");
  pthread_join(threads[1], 0);
  for (int i = 0; i < 20000; i++) flood = i; // MARK flood
  one = 40;                                  // MARK again
  one = 41;                                  // MARK last
  return 0;                                  // MARK end
}
