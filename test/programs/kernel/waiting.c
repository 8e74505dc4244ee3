// Time, timers, interrupted calls, poll, select, epoll, eventfd.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define FAILS(call, code) ((long)(call) == -1 && errno == (code))

static volatile int alarms;
static void onAlarm(int number) { alarms += number == SIGALRM; }

static long elapsedMs(struct timespec from) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (now.tv_sec - from.tv_sec) * 1000 + (now.tv_nsec - from.tv_nsec) / 1000000;
}

int main(void) {
  struct timespec start, shortTime = {0, 30000000}, left;
  clock_gettime(CLOCK_MONOTONIC, &start);
  nanosleep(&shortTime, NULL);
  printf("slept %d\n", elapsedMs(start) >= 30);

  struct sigaction action = {.sa_handler = onAlarm};
  sigaction(SIGALRM, &action, NULL);
  struct itimerval timer = {{0, 0}, {0, 10000}};
  setitimer(ITIMER_REAL, &timer, NULL);
  struct timespec longTime = {10, 0};
  int result = nanosleep(&longTime, &left);
  printf("interrupted %d %d left %d\n", result, errno == EINTR, left.tv_sec >= 9);

  int ends[2];
  pipe(ends);
  char text[8];
  setitimer(ITIMER_REAL, &timer, NULL);
  result = read(ends[0], text, 1);
  printf("read %d %d\n", result, errno == EINTR);
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, NULL);
  if (fork() == 0) {
    usleep(50000);
    write(ends[1], "x", 1);
    _exit(0);
  }
  setitimer(ITIMER_REAL, &timer, NULL);
  printf("restarted read %zd\n", read(ends[0], text, 1));
  printf("alarms %d\n", alarms);

  struct pollfd fds[2] = {{ends[0], POLLIN, 0}, {ends[1], POLLOUT, 0}};
  result = poll(fds, 2, 0);
  printf("poll %d %d %d\n", result, fds[0].revents, fds[1].revents);
  printf("poll timeout %d\n", poll(fds, 1, 10));
  write(ends[1], "abc", 3);
  printf("poll ready %d\n", poll(fds, 1, -1));
  fd_set set;
  FD_ZERO(&set);
  FD_SET(ends[0], &set);
  struct timeval tv = {1, 0};
  result = select(ends[0] + 1, &set, NULL, NULL, &tv);
  printf("select %d %d\n", result, FD_ISSET(ends[0], &set) != 0);

  int timerFile = timerfd_create(CLOCK_MONOTONIC, 0);
  struct itimerspec often = {{0, 5000000}, {0, 5000000}};
  timerfd_settime(timerFile, 0, &often, NULL);
  uint64_t expired = 0, times;
  while (expired < 3 && read(timerFile, &times, 8) == 8) expired += times;
  printf("timerfd %d\n", expired >= 3);
  close(timerFile);
  timer_t own;
  struct sigevent notify = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
  timer_create(CLOCK_MONOTONIC, &notify, &own);
  struct itimerspec once = {{0, 0}, {0, 5000000}};
  int before = alarms;
  timer_settime(own, 0, &once, NULL);
  while (alarms == before) nanosleep(&shortTime, NULL);
  printf("timer %d\n", alarms - before);
  timer_delete(own);

  int event = eventfd(3, EFD_NONBLOCK);
  uint64_t value = 4;
  write(event, &value, 8);
  read(event, &value, 8);
  printf("eventfd %lu again %d\n", (unsigned long)value, FAILS(read(event, &value, 8), EAGAIN));

  int epoll = epoll_create1(0);
  struct epoll_event wish = {.events = EPOLLIN, .data.u64 = 0x1122334455667788}, got[4];
  epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &wish);
  result = epoll_wait(epoll, got, 4, 100);
  printf("epoll %d %x %lx\n", result, got[0].events, (unsigned long)got[0].data.u64);
  read(ends[0], text, 3);
  printf("epoll timeout %d\n", epoll_wait(epoll, got, 4, 10));
  close(ends[1]);
  result = epoll_wait(epoll, got, 4, 10);
  printf("hangup %d %x\n", result, got[0].events);
  close(ends[0]);

  signal(SIGPIPE, SIG_IGN);
  pipe(ends);
  close(ends[0]);
  result = write(ends[1], "x", 1);
  printf("broken pipe %d %d\n", result, errno == EPIPE);
  sigset_t wait;
  sigemptyset(&wait);
  sigaddset(&wait, SIGUSR1);
  sigprocmask(SIG_BLOCK, &wait, NULL);
  raise(SIGUSR1);
  siginfo_t info;
  printf("sigwait %d\n", sigtimedwait(&wait, &info, &longTime));
  printf("sigwait timeout %d\n", FAILS(sigtimedwait(&wait, &info, &shortTime), EAGAIN));
  return 0;
}
