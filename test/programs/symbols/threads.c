// threads.c: thread-local variables and a signal handler, asked for inside a second thread.
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

char padding[3] = "ab";
__thread char odd = 'o';
_Thread_local long own __attribute__((aligned(64))) = 5;
static __thread int zeroed[7];
extern char **environ;
volatile int caught;

__attribute__((noinline)) static void look(int signal) {
  caught += signal;
  own++;
}

static void handler(int signal) {
  int local = signal + 1;
  look(local);
}

__attribute__((noinline)) static long spin(volatile long *at) {
  long sum = 0;
  for (int i = 0; i < 3; i++) {
    if (i == 1)
      raise(SIGUSR1);
    if (i == 2)
      *at = *(volatile long *)0 + 1; // the handler of SIGSEGV ends the program
    sum += *at + zeroed[i];
  }
  return sum;
}

static void fault(int signal) {
  look(signal);
  _Exit(0);
}

static void *worker(void *argument) {
  long *number = argument;
  zeroed[1] = 11;
  errno = 7;
  return (void *)spin(number);
}

int main(void) {
  pthread_t thread;
  long number = 3;
  struct sigaction action = {.sa_handler = handler};
  sigaction(SIGUSR1, &action, NULL);
  signal(SIGSEGV, fault);
  pthread_create(&thread, NULL, worker, &number);
  pthread_join(thread, NULL);
  printf("%d\n", caught);
  return 0;
}
