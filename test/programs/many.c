// many.c: so many stores, to as many longs in turn as are told, or beside them: what many watches cost.
//
// usage: many STORES CELLS [still]    Prints the nanoseconds it took, by the clock and of the CPU's.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

long cells[1024];
long others[1024];

static int64_t now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

__attribute__((noinline)) static void work(long stores, volatile long *to, long count) {
  long at = 0;
  for (long i = 0; i < stores; i++) {
    to[at] = i;
    at = at + 1 == count ? 0 : at + 1;
  }
}

int main(int argc, char **argv) {
  int64_t from = now(CLOCK_MONOTONIC), cpuFrom = now(CLOCK_PROCESS_CPUTIME_ID);
  work(atol(argv[1]), argc > 3 ? others : cells, atol(argv[2]));
  int64_t cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpuFrom;
  printf("%lld %lld\n", (long long)(now(CLOCK_MONOTONIC) - from), (long long)cpu); // MARK end
  return 0;
}
