// Holds debug registers by perf_event_open(2): two for itself, one on CPU 0 for whoever runs there.
#define _GNU_SOURCE
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int first, table[4], mine, yours;
struct {
  int low, high;
} pair;

static int hold(void *address, pid_t pid, int cpu) {
  struct perf_event_attr attr;
  memset(&attr, 0, sizeof attr);
  attr.type = PERF_TYPE_BREAKPOINT;
  attr.size = sizeof attr;
  attr.bp_type = HW_BREAKPOINT_W;
  attr.bp_addr = (uintptr_t)address;
  attr.bp_len = HW_BREAKPOINT_LEN_4;
  attr.exclude_kernel = 1;
  return syscall(SYS_perf_event_open, &attr, pid, cpu, -1, 0);
}

static long count(int fd) {
  uint64_t value = 0;
  return read(fd, &value, sizeof value) == sizeof value ? (long)value : -1;
}

int main(void) {
  int a = hold(&first, 0, -1), b = hold(&table[2], 0, -1), c = hold(&pair.high, -1, 0);
  first = table[2] = pair.high = 1; // MARK held
  mine = 7;
  printf("%d %ld %ld\n", c >= 0, count(a), count(b)); // MARK counted
  close(a);
  first = 2; // MARK closed
  yours = 8;
  return 0;
}
