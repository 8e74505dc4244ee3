// So many stores to one variable, one after the other: what a counted hit costs.
//
// usage: hits STORES [count]    Prints the number that was counted (0 without "count") and the nanoseconds it took by
// the machine's own clock. With "count" it counts them by perf_event_open(2).
#define _GNU_SOURCE
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static volatile long watched;

static int open_event(void) {
  struct perf_event_attr attr;
  memset(&attr, 0, sizeof attr);
  attr.type = PERF_TYPE_BREAKPOINT;
  attr.size = sizeof attr;
  attr.bp_type = HW_BREAKPOINT_W;
  attr.bp_addr = (uintptr_t)&watched;
  attr.bp_len = HW_BREAKPOINT_LEN_8;
  attr.exclude_kernel = attr.exclude_hv = 1;
  return syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv) {
  long stores = atol(argv[1]);
  int fd = argc > 2 ? open_event() : -1;
  int64_t from = now();
  for (long i = 0; i < stores; i++) watched = i;
  int64_t took = now() - from;
  uint64_t count = 0;
  if (fd >= 0 && read(fd, &count, sizeof count) != sizeof count) return 1;
  printf("%llu %lld\n", (unsigned long long)count, (long long)took);
  return 0;
}
