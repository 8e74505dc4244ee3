// perf_event_open on breakpoints: counts, signals at overflow, the ring buffer, SIGTRAP events, errors, inheritance.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile long watched[8];
static volatile int signals, lastCode, lastFd;
static volatile unsigned long lastData;

static struct perf_event_attr attributes(volatile void *address, int type) {
  struct perf_event_attr attr;
  memset(&attr, 0, sizeof attr);
  attr.type = PERF_TYPE_BREAKPOINT;
  attr.size = sizeof attr;
  attr.bp_type = type;
  attr.bp_addr = (uintptr_t)address;
  attr.bp_len = HW_BREAKPOINT_LEN_8;
  attr.exclude_kernel = attr.exclude_hv = 1;
  return attr;
}

static int open_event(struct perf_event_attr *attr, pid_t pid, int cpu, int group) {
  return syscall(SYS_perf_event_open, attr, pid, cpu, group, 0);
}

static long count(int fd) {
  uint64_t value = 0;
  return read(fd, &value, sizeof value) == sizeof value ? (long)value : -1;
}

static void onSignal(int number, siginfo_t *info, void *context) {
  signals += number != 0;
  lastCode = info->si_code;
  lastFd = info->si_fd;
  (void)context;
}

static void onTrap(int number, siginfo_t *info, void *context) {
  signals += number == SIGTRAP;
  lastCode = info->si_code;
  lastData = *(unsigned long *)((char *)info + 24);
  (void)context;
}

static void *writer(void *argument) {
  for (int i = 0; i < 5; i++) watched[0]++;
  return argument;
}

int main(void) {
  struct perf_event_attr attr = attributes(&watched[0], HW_BREAKPOINT_W);
  int fd = open_event(&attr, 0, -1, -1);
  for (int i = 0; i < 10; i++) watched[0] = i;
  (void)watched[0];
  printf("writes %ld\n", count(fd));
  ioctl(fd, PERF_EVENT_IOC_DISABLE, 0);
  watched[0] = 1;
  printf("disabled %ld\n", count(fd));
  ioctl(fd, PERF_EVENT_IOC_RESET, 0);
  ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
  watched[0]++;
  printf("reset %ld\n", count(fd));
  close(fd);

  attr = attributes(&watched[0], HW_BREAKPOINT_RW);
  fd = open_event(&attr, 0, -1, -1);
  watched[0] = watched[0] + 1;
  printf("reads and writes %ld\n", count(fd));
  close(fd);

  int fds[5];
  for (int i = 0; i < 5; i++) {
    attr = attributes(&watched[i], HW_BREAKPOINT_W);
    fds[i] = open_event(&attr, 0, -1, -1);
    printf("slot %d %s\n", i, fds[i] >= 0 ? "held" : strerror(errno));
  }
  for (int i = 0; i < 4; i++) close(fds[i]);
  attr = attributes((char *)&watched[0] + 1, HW_BREAKPOINT_W);
  printf("unaligned %d\n", open_event(&attr, 0, -1, -1) < 0 && errno == EINVAL);
  attr.bp_addr--;
  printf("no such task %d\n", open_event(&attr, 0x7ffffff0, -1, -1) < 0 && errno == ESRCH);

  struct sigaction action = {.sa_sigaction = onSignal, .sa_flags = SA_SIGINFO};
  sigaction(SIGIO, &action, NULL);
  attr.sample_period = 1;
  attr.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_ADDR;
  attr.wakeup_events = 1;
  fd = open_event(&attr, 0, -1, -1);
  fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK | O_ASYNC);
  fcntl(fd, F_SETSIG, SIGIO);
  struct f_owner_ex owner = {F_OWNER_TID, gettid()};
  fcntl(fd, F_SETOWN_EX, &owner);
  struct perf_event_mmap_page *page = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  printf("three pages %d\n", page != MAP_FAILED);
  watched[0] = 1;
  watched[0] = 2;
  printf("signals %d code %d fd %d\n", signals, lastCode, lastFd == fd);
  struct pollfd poller = {fd, POLLIN, 0};
  printf("poll %d %d\n", poll(&poller, 1, 0), poller.revents);
  char *data = (char *)page + page->data_offset;
  for (uint64_t tail = page->data_tail; tail < page->data_head;) {
    struct perf_event_header *header = (void *)(data + tail % page->data_size);
    uint64_t *words = (void *)(header + 1);
    printf("record %d size %d address %d tid %d\n", header->type, header->size, words[2] == (uintptr_t)&watched[0],
           (int)(words[1] >> 32) == gettid());
    tail += header->size;
    page->data_tail = tail;
  }
  munmap(page, 3 * 4096);
  close(fd);

  action.sa_sigaction = onTrap;
  sigaction(SIGTRAP, &action, NULL);
  signals = 0;
  attr = attributes(&watched[1], HW_BREAKPOINT_W);
  attr.sample_period = 1;
  attr.sigtrap = attr.remove_on_exec = 1;
  attr.sig_data = 0x1234567890abcdef;
  fd = open_event(&attr, 0, -1, -1);
  printf("sigtrap event %d\n", fd >= 0);
  watched[1] = 5;
  printf("traps %d code %d data %lx\n", signals, lastCode, lastData);
  close(fd);

  attr = attributes(&watched[0], HW_BREAKPOINT_W);
  attr.inherit = 1;
  fd = open_event(&attr, 0, -1, -1);
  pthread_t threads[3];
  for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, writer, NULL);
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  printf("inherited %ld\n", count(fd));
  pid_t pid = fork();
  if (pid == 0) {
    watched[0] = 9;
    _exit(0);
  }
  waitpid(pid, NULL, 0);
  printf("with the child %ld\n", count(fd));
  close(fd);
  return 0;
}
