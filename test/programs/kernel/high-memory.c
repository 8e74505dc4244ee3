// Mappings far above 4 GiB, where the program insists: every size of access, across pages and neighbouring mappings,
// string instructions, stacks, system calls, fork, protection, and watches by perf events.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#define HIGH 0x100000000000UL
#define RW (PROT_READ | PROT_WRITE)
#define FIXED (MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)

static sigjmp_buf back;
static void *volatile faulted;
static volatile int code;

static void onFault(int number, siginfo_t *info, void *context) {
  (void)number;
  (void)context;
  faulted = info->si_addr;
  code = info->si_code;
  siglongjmp(back, 1);
}

static void tryTo(const char *what, volatile char *at, int store) {
  if (sigsetjmp(back, 1) == 0) {
    if (store) *(volatile uint64_t *)at = 7;
    else (void)*(volatile uint64_t *)at;
    printf("%s: fine\n", what);
  } else {
    printf("%s: fault at %p, code %d\n", what, faulted, code);
  }
}

static void accesses(void) {
  char *base = mmap((void *)HIGH, 0x4000, RW, FIXED, -1, 0);
  printf("mapped at %p\n", (void *)base);
  for (int i = 0; i < 0x4000; i++) base[i] = (char)(i * 7);
  uint64_t sum = 0;
  for (int i = 0; i + 8 <= 0x4000; i += 3) sum = sum * 31 + *(uint64_t *)(base + i);
  printf("sum %lx\n", sum);
  *(volatile uint64_t *)(base + 0xffd) = 0x1122334455667788;
  printf("across pages %lx %x\n", *(volatile uint64_t *)(base + 0xffd), (unsigned char)base[0x1001]);
  // A neighbour above, then one below: still one piece.
  char *above = mmap(base + 0x4000, 0x1000, RW, FIXED, -1, 0);
  *(volatile uint64_t *)(above - 3) = 0x0102030405060708;
  char *below = mmap(base - 0x200000, 0x200000, RW, FIXED, -1, 0);
  *(volatile uint64_t *)(base - 5) = 0x1112131415161718;
  printf("neighbours %lx %lx %d\n", *(volatile uint64_t *)(above - 3), *(volatile uint64_t *)(base - 5), below[17]);
  memmove(base + 100, base, 0x3000);
  memset(below + 10, 0x5a, 0x1800);
  printf("strings %x %x %d\n", (unsigned char)base[0x2fff], (unsigned char)below[0x1809], below[0x180a]);
  char *from = base + 64, *to = below + 0x1f0000;
  long count = 1000;
  __asm__ volatile("rep movsb" : "+S"(from), "+D"(to), "+c"(count) : : "memory");
  printf("rep movsb %d %ld\n", memcmp(base + 64, below + 0x1f0000, 1000), count);
  long *cell = (long *)(base + 0x100);
  *cell = 5;
  __sync_fetch_and_add(cell, 10);
  printf("locked %ld %d\n", *cell, __sync_bool_compare_and_swap(cell, 15, 20));
  munmap(below, 0x200000);
}

static void protections(void) {
  char *base = (char *)HIGH;
  tryTo("read unmapped", base - 0x1000, 0);
  mprotect(base + 0x1000, 0x1000, PROT_READ);
  tryTo("write read-only", base + 0x1008, 1);
  tryTo("write across into read-only", base + 0xffc, 1);
  tryTo("read read-only", base + 0x1008, 0);
  mprotect(base + 0x1000, 0x1000, PROT_NONE);
  tryTo("read forbidden", base + 0x1008, 0);
  mprotect(base + 0x1000, 0x1000, RW);
  tryTo("read again", base + 0x1008, 0);
  munmap(base + 0x2000, 0x1000);
  tryTo("read the hole", base + 0x1ffc, 0);
  printf("fixed over: %d\n", mmap(base, 0x1000, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED);
  printf("no replace: %s\n", strerror(errno));
  char *hinted = mmap((void *)0x200000000000, 0x2000, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  printf("hint %p %d\n", (void *)hinted, hinted[0x1fff]);
  char *grown = mremap(hinted, 0x2000, 0x5000, 0);
  grown[0x4fff] = 3;
  printf("grown %p %d\n", (void *)grown, grown[0x4fff]);
  char *low = mmap((void *)0x90000000, 0x1000, RW, FIXED, -1, 0);
  low[9] = 9;
  printf("above two GiB %p %d\n", (void *)low, low[9]);
}

static void calls(void) {
  char *base = (char *)HIGH;
  int ends[2];
  if (pipe(ends) != 0) exit(1);
  strcpy(base + 0xff8, "over the edge\n");
  ssize_t wrote = write(ends[1], base + 0xff8, 14);
  ssize_t got = read(ends[0], base + 0x40, 100);
  base[0x40 + got] = 0;
  printf("pipe %zd %zd %s", wrote, got, base + 0x40);
  errno = 0;
  printf("into the hole %zd", write(ends[1], base + 0x2000, 16));
  printf(" %d\n", errno);
  strcpy(base, "/proc/self/maps");
  FILE *maps = fopen(base, "r");
  char line[512];
  while (fgets(line, sizeof line, maps) != NULL) {
    if (strncmp(line, "1000", 4) == 0 || strncmp(line, "2000", 4) == 0) fputs(line, stdout);
  }
  fclose(maps);
  char *volatile shared = mmap((void *)0x300000000000, 0x1000, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  fflush(stdout);
  if (fork() == 0) {
    base[0] = 'C';
    shared[0] = base[0x40];
    _exit(0);
  }
  wait(NULL);
  printf("fork %c %c\n", base[0], shared[0]);
}

static void onStack(int unused) {
  char local[64];
  snprintf(local, sizeof local, "a frame above 4 GiB: %d\n", (uintptr_t)local > HIGH);
  (void)unused;
  (void)!write(1, local, strlen(local));
}

static void stacks(void) {
  char *stack = mmap((void *)0x400000000000, 0x20000, RW, FIXED, -1, 0);
  stack_t alternative = {.ss_sp = stack, .ss_size = 0x10000};
  sigaltstack(&alternative, NULL);
  struct sigaction action = {.sa_handler = onStack, .sa_flags = SA_ONSTACK};
  sigaction(SIGUSR1, &action, NULL);
  fflush(stdout);
  raise(SIGUSR1);
  static ucontext_t here, there;
  getcontext(&there);
  there.uc_stack.ss_sp = stack + 0x10000;
  there.uc_stack.ss_size = 0x10000;
  there.uc_link = &here;
  makecontext(&there, (void (*)(void))onStack, 1, 0);
  swapcontext(&here, &there);
}

static void watches(void) {
  char *base = (char *)HIGH;
  struct perf_event_attr attributes = {.type = PERF_TYPE_BREAKPOINT, .size = sizeof attributes};
  attributes.bp_type = HW_BREAKPOINT_W;
  attributes.bp_addr = HIGH + 0x80;
  attributes.bp_len = HW_BREAKPOINT_LEN_8;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  int fd = (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
  for (int i = 0; i < 1000; i++) *(volatile int *)(base + 0x70 + (i % 8) * 4) = i;
  uint64_t count = 0;
  (void)!read(fd, &count, sizeof count);
  printf("watched writes %lu\n", count);
}

// The x87 unit reads and writes there, too.
static void floats(void) {
  char *base = mmap((void *)(3 * HIGH), 0x2000, RW, FIXED, -1, 0);
  volatile long double *wide = (volatile long double *)(base + 0xff8);
  volatile double *narrow = (volatile double *)(base + 0x100);
  volatile int64_t *whole = (volatile int64_t *)(base + 0x200);
  for (int i = 0; i < 20; i++) {
    narrow[i] = i / 7.0;
    wide[i] = narrow[i] * 3.0L + 1;
    whole[i] = (int64_t)(wide[i] * 1e15L);
  }
  long double sum = 0;
  for (int i = 0; i < 20; i++) sum += wide[i] + whole[i];
  printf("floats %.10Lg\n", sum);
}

int main(void) {
  struct sigaction action = {.sa_sigaction = onFault, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, NULL);
  accesses();
  protections();
  calls();
  floats();
  stacks();
  watches();
  return 0;
}
