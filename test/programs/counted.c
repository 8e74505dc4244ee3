// Accesses of every shape, the same number in each run; with the argument "self" it counts them itself, by
// perf_event_open(2), and prints one count a line; with "threads" four threads do the work.
#define _GNU_SOURCE
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct point {
  int x, y;
};

volatile int counter;
volatile long total;
struct point corner;
volatile char text[64] __attribute__((aligned(64)));
volatile short pair[4] __attribute__((aligned(8)));
long untouched;

__attribute__((noinline)) void step(int i) {
  counter++;                     // MARK counter
  total += counter;              // MARK total
  if (i % 3 == 0) corner.y += i; // MARK corner
  pair[i % 4]++;
}

static void *work(void *argument) {
  for (int i = 0; i < 500; i++) step(i);
  for (int i = 0; i < 64; i++) text[i] = 'a';
  *(volatile long *)(text + 8) = 0;
  *(volatile long *)(text + 16) = 0;
  *(volatile int *)(text + 6) = 1; // Overlaps the watched bytes 8..15 by half.
  return argument;
}

static int open_event(void *address, int type, int length) {
  struct perf_event_attr attr;
  memset(&attr, 0, sizeof attr);
  attr.type = PERF_TYPE_BREAKPOINT;
  attr.size = sizeof attr;
  attr.bp_type = type;
  attr.bp_addr = (uintptr_t)address;
  attr.bp_len = length;
  attr.exclude_kernel = attr.exclude_hv = attr.inherit = 1;
  return syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}

static void run(int threads) {
  if (!threads) {
    work(0);
    return;
  }
  pthread_t thread[4];
  for (int i = 0; i < 4; i++) pthread_create(&thread[i], 0, work, 0);
  for (int i = 0; i < 4; i++) pthread_join(thread[i], 0);
}

// Four events at a time, as many as there are debug registers.
static void count_four(int threads, void *addresses[], int types[], int lengths[]) {
  int fds[4];
  for (int i = 0; i < 4; i++) fds[i] = open_event(addresses[i], types[i], lengths[i]);
  run(threads);
  for (int i = 0; i < 4; i++) {
    uint64_t value = 0;
    if (read(fds[i], &value, sizeof value) != sizeof value) value = -1;
    printf("%llu\n", (unsigned long long)value);
    close(fds[i]);
  }
}

int main(int argc, char **argv) {
  int threads = argc > 2 || (argc > 1 && !strcmp(argv[1], "threads"));
  if (argc < 2 || !strcmp(argv[1], "threads")) {
    run(threads);
    return 0;
  }
  int w = HW_BREAKPOINT_W, rw = HW_BREAKPOINT_RW, x = HW_BREAKPOINT_X;
  count_four(threads, (void *[]){(void *)&counter, (void *)&counter, (void *)&total, &corner.y}, (int[]){w, rw, rw, w},
             (int[]){4, 4, 8, 4});
  count_four(threads, (void *[]){(void *)(text + 8), (void *)&pair[1], (void *)step, &untouched}, (int[]){w, rw, x, rw},
             (int[]){8, 2, 8, 8});
  return 0;
}
