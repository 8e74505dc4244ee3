// Perf events across threads, processes and execve: who counts, who hears of it, what stays.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

static volatile long watched;

static struct perf_event_attr breakpoint(void) {
  struct perf_event_attr attributes = {.type = PERF_TYPE_BREAKPOINT, .size = sizeof attributes};
  attributes.bp_type = HW_BREAKPOINT_W;
  attributes.bp_addr = (uintptr_t)&watched;
  attributes.bp_len = 8;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  return attributes;
}

static int openFor(struct perf_event_attr *attributes, pid_t pid) {
  return (int)syscall(SYS_perf_event_open, attributes, pid, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static long count(int fd) {
  uint64_t value = 0;
  ssize_t length = read(fd, &value, sizeof value);
  return length == sizeof value ? (long)value : -1;
}

static volatile sig_atomic_t heard, heardCode, heardFd, heardBand, heardBy;

static void hear(int number, siginfo_t *info, void *context) {
  (void)context;
  heardCode = info->si_code;
  heardFd = info->si_fd;
  heardBand = (int)info->si_band;
  heardBy = gettid() == getpid();
  // The last: who waits for it may be another thread.
  heard = number;
}

static pthread_barrier_t barrier;
static pid_t other;

static void *helper(void *unused) {
  other = gettid();
  pthread_barrier_wait(&barrier);
  pthread_barrier_wait(&barrier);
  return unused;
}

static void async(void) {
  struct sigaction action = {.sa_sigaction = hear, .sa_flags = SA_SIGINFO};
  sigaction(SIGIO, &action, NULL);
  sigaction(SIGRTMIN + 2, &action, NULL);
  struct perf_event_attr attributes = breakpoint();
  attributes.sample_period = 1;
  int fd = openFor(&attributes, 0);
  pthread_t thread;
  pthread_barrier_init(&barrier, NULL, 2);
  pthread_create(&thread, NULL, helper, NULL);
  pthread_barrier_wait(&barrier);
  printf("owner %d", fcntl(fd, F_GETOWN));
  fcntl(fd, F_SETFL, O_RDWR | O_ASYNC);
  watched = 1;
  printf(" nobody %d\n", heard);
  fcntl(fd, F_SETOWN, getpid());
  printf("owner %d", fcntl(fd, F_GETOWN) == getpid());
  watched = 1;
  printf(" plain %d code %x\n", heard == SIGIO, heardCode);
  heard = 0;
  printf("bad signal %d", fcntl(fd, F_SETSIG, 65));
  printf(" %d", fcntl(fd, F_SETSIG, SIGRTMIN + 2));
  printf(" %d\n", fcntl(fd, F_GETSIG) == SIGRTMIN + 2);
  watched = 1;
  printf("chosen %d code %d fd %d band %x\n", heard == SIGRTMIN + 2, heardCode, heardFd == fd, heardBand);
  struct f_owner_ex owner = {F_OWNER_TID, other}, seen;
  printf("set %d", fcntl(fd, F_SETOWN_EX, &owner));
  printf(" get %d", fcntl(fd, F_GETOWN_EX, &seen));
  printf(" %d %d\n", seen.type, seen.pid == other);
  heard = 0;
  watched = 1;
  while (heard == 0) sched_yield();
  printf("to the thread %d by main %d\n", heard == SIGRTMIN + 2, heardBy);
  owner = (struct f_owner_ex){F_OWNER_PGRP, getpgrp()};
  printf("group %d", fcntl(fd, F_SETOWN_EX, &owner));
  printf(" %d\n", fcntl(fd, F_GETOWN) == -getpgrp());
  owner.type = 7;
  printf("bad owner %d\n", fcntl(fd, F_SETOWN_EX, &owner));
  fcntl(fd, F_SETFL, O_RDWR);
  heard = 0;
  watched = 1;
  printf("quiet %d\n", heard);
  pthread_barrier_wait(&barrier);
  pthread_join(thread, NULL);
  close(fd);
}

static void inherited(void) {
  struct perf_event_attr attributes = breakpoint();
  attributes.inherit = 1;
  int all = openFor(&attributes, 0);
  attributes.inherit_thread = 1;
  int threads = openFor(&attributes, 0);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    for (int i = 0; i < 10; i++) watched = i;
    _exit(0);
  }
  waitpid(child, NULL, 0);
  watched = 1;
  printf("with the child %ld, threads only %ld\n", count(all), count(threads));
  ioctl(all, PERF_EVENT_IOC_RESET, 0);
  printf("reset keeps what is gone %ld\n", count(all));
  close(all);
  close(threads);
}

// The program itself again: `watched` is at the same place where it is not position independent.
static void executed(const char *self) {
  const struct {
    const char *name;
    int disabled, onExec, remove;
  } cases[] = {{"enabled on exec", 1, 1, 0}, {"stays", 0, 0, 0}, {"removed", 0, 0, 1}, {"off", 1, 0, 0}};
  for (int i = 0; i < 4; i++) {
    int go[2];
    if (pipe(go) != 0) exit(1);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
      char byte;
      (void)!read(go[0], &byte, 1);
      execl(self, self, "again", NULL);
      _exit(127);
    }
    struct perf_event_attr attributes = breakpoint();
    attributes.disabled = (unsigned)cases[i].disabled;
    attributes.enable_on_exec = (unsigned)cases[i].onExec;
    attributes.remove_on_exec = (unsigned)cases[i].remove;
    int fd = openFor(&attributes, child);
    (void)!write(go[1], "x", 1);
    int status;
    waitpid(child, &status, 0);
    printf("%s: %ld, child's end %d", cases[i].name, count(fd), status);
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    printf(", poll %d", poll(&wait, 1, 0));
    printf(" %x\n", (unsigned)wait.revents);
    close(fd);
    close(go[0]);
    close(go[1]);
  }
}

// The kernel clears the beginning of .bss when it loads a program: how many hits that makes is the CPU's affair.
static void loaded(const char *self) {
  int go[2];
  if (pipe(go) != 0) exit(1);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    char byte;
    (void)!read(go[0], &byte, 1);
    execl(self, self, "again", NULL);
    _exit(127);
  }
  struct perf_event_attr attributes = breakpoint();
  attributes.exclude_kernel = 0;
  int both = openFor(&attributes, child);
  attributes.exclude_user = 1;
  int kernel = openFor(&attributes, child);
  (void)!write(go[1], "x", 1);
  waitpid(child, NULL, 0);
  long cleared = count(kernel);
  printf("loading: cleared %d, and then %ld\n", cleared > 0, count(both) - cleared);
}

static void onCpu(void) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(0, &set);
  sched_setaffinity(0, sizeof set, &set);
  struct perf_event_attr attributes = breakpoint();
  attributes.bp_type = HW_BREAKPOINT_RW;
  int fd = (int)syscall(SYS_perf_event_open, &attributes, -1, 0, -1, 0);
  static volatile long mine;
  attributes.bp_addr = (uintptr_t)&mine;
  int elsewhere = (int)syscall(SYS_perf_event_open, &attributes, 0, 1, -1, 0);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    long sum = watched;
    for (int i = 0; i < 4; i++) watched = i;
    _exit((int)sum * 0);
  }
  waitpid(child, NULL, 0);
  mine = 1;
  printf("of the CPU %ld, bound to another %ld\n", count(fd), count(elsewhere));
  close(fd);
  close(elsewhere);
}

static void sharedRing(void) {
  struct perf_event_attr attributes = breakpoint();
  attributes.sample_period = 1;
  attributes.sample_type = PERF_SAMPLE_TID;
  attributes.wakeup_events = 4;
  attributes.task = 1;
  int go[2];
  if (pipe(go) != 0) exit(1);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    char byte;
    (void)!read(go[0], &byte, 1);
    for (int i = 0; i < 5; i++) watched = i;
    (void)!read(go[0], &byte, 1);
    _exit(3);
  }
  int fd = openFor(&attributes, child);
  struct perf_event_mmap_page *page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  (void)!write(go[1], "x", 1);
  struct pollfd wait = {.fd = fd, .events = POLLIN};
  printf("poll %d", poll(&wait, 1, 10000));
  printf(" %x\n", (unsigned)wait.revents);
  (void)!write(go[1], "x", 1);
  waitpid(child, NULL, 0);
  printf("afterwards %d", poll(&wait, 1, 1000));
  printf(" %x", (unsigned)wait.revents);
  uint64_t head = page->data_head, at = 0;
  int samples = 0, own = 0, last = 0;
  for (; at < head; samples++) {
    struct perf_event_header *header = (void *)((char *)page + PAGE + at);
    uint32_t *ids = (uint32_t *)(header + 1);
    own += ids[0] == (uint32_t)child;
    last = (int)header->type;
    at += header->size;
  }
  printf(" records %d own %d last %d count %ld\n", samples, own, last, count(fd));
  munmap(page, 2 * PAGE);
  close(fd);
}

static volatile int traps, blockedFlags;

static void onTrap(int number, siginfo_t *info, void *context) {
  (void)number;
  (void)context;
  traps++;
  memcpy((void *)&blockedFlags, (char *)info + 36, 4);
}

static void sigtraps(void) {
  struct sigaction action = {.sa_sigaction = onTrap, .sa_flags = SA_SIGINFO};
  sigaction(SIGTRAP, &action, NULL);
  struct perf_event_attr attributes = breakpoint();
  attributes.sample_period = 2;
  attributes.sigtrap = 1;
  printf("without remove_on_exec %d\n", openFor(&attributes, 0) < 0 && errno == EINVAL);
  attributes.remove_on_exec = 1;
  attributes.sig_data = 0x1122334455667788;
  int fd = openFor(&attributes, 0);
  for (int i = 0; i < 6; i++) watched = i;
  printf("traps %d flags %d\n", traps, blockedFlags);
  sigset_t trap;
  sigemptyset(&trap);
  sigaddset(&trap, SIGTRAP);
  sigprocmask(SIG_BLOCK, &trap, NULL);
  for (int i = 0; i < 6; i++) watched = i;
  printf("blocked %d", traps);
  sigprocmask(SIG_UNBLOCK, &trap, NULL);
  printf(" then %d flags %d, count %ld\n", traps, blockedFlags, count(fd));
  signal(SIGTRAP, SIG_IGN);
  for (int i = 0; i < 6; i++) watched = i;
  printf("ignored: count %ld\n", count(fd));
  close(fd);
}

static void softwareEvents(void) {
  struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE, .size = sizeof attributes};
  attributes.exclude_kernel = 0;
  attributes.config = PERF_COUNT_SW_TASK_CLOCK;
  int clock = openFor(&attributes, 0);
  attributes.config = PERF_COUNT_SW_CONTEXT_SWITCHES;
  int switches = openFor(&attributes, 0);
  attributes.config = PERF_COUNT_SW_PAGE_FAULTS;
  int faults = openFor(&attributes, 0);
  char *memory = mmap(NULL, 64 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  madvise(memory, 64 * PAGE, MADV_NOHUGEPAGE);
  for (int i = 0; i < 64; i++) ((volatile char *)memory)[i * PAGE] = 1;
  for (int i = 0; i < 3; i++) usleep(1000);
  printf("clock %d switches %d faults %d\n", count(clock) > 1000, count(switches) >= 3, count(faults) > 0);
  attributes.type = PERF_TYPE_HARDWARE;
  attributes.config = 1000;
  printf("hardware %d\n", openFor(&attributes, 0) < 0);
  close(clock);
  close(switches);
  close(faults);
}

static void clockSamples(void) {
  struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE, .size = sizeof attributes, .config = PERF_COUNT_SW_TASK_CLOCK};
  attributes.sample_period = 200000;
  attributes.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_PERIOD;
  attributes.exclude_kernel = 1;
  int fd = openFor(&attributes, 0);
  struct perf_event_mmap_page *page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  while (__atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE) < 5 * 24) continue;
  const struct perf_event_header *header = (void *)((char *)page + PAGE);
  const uint32_t *ids = (const void *)(header + 1);
  printf("clock samples: type %u misc %u size %u own %d period %lu\n", header->type, header->misc & 7, header->size,
         ids[1] == (uint32_t)getpid(), *(const uint64_t *)(ids + 2));
  munmap(page, 2 * PAGE);
  close(fd);
}

int main(int argc, char **argv) {
  if (argc > 1) {
    for (int i = 0; i < 9; i++) watched = i;
    return 5;
  }
  async();
  inherited();
  executed(argv[0]);
  loaded(argv[0]);
  onCpu();
  sharedRing();
  sigtraps();
  softwareEvents();
  clockSamples();
  return 0;
}
