// Mutexes, condition variables, thread-local storage, join values, once, barriers, cancellation of a sleeper.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_barrier_t barrier;
static long counter;
static int turn, initialised;
static __thread int mine;

static void initialise(void) { initialised++; }

static void *count(void *arg) {
  pthread_once(&once, initialise);
  for (int i = 0; i < 20000; i++) {
    pthread_mutex_lock(&lock);
    counter++;
    mine++;
    pthread_mutex_unlock(&lock);
  }
  pthread_barrier_wait(&barrier);
  return (void *)(long)(mine + (long)arg);
}

static void *ping(void *arg) {
  int me = (int)(long)arg;
  for (int i = 0; i < 200; i++) {
    pthread_mutex_lock(&lock);
    while (turn != me) pthread_cond_wait(&changed, &lock);
    turn = 1 - me;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
  }
  return NULL;
}

static void cleaned(void *arg) { printf("cleanup %s\n", (char *)arg); }

static void *sleeper(void *arg) {
  pthread_cleanup_push(cleaned, arg);
  for (;;) pause();
  pthread_cleanup_pop(0);
  return NULL;
}

static unsigned word;
static void *waitForWord(void *unused) {
  while (__atomic_load_n(&word, __ATOMIC_SEQ_CST) == 0) syscall(SYS_futex, &word, FUTEX_WAIT, 0, NULL, NULL, 0);
  return unused;
}

// FUTEX_WAKE counts after it has woken one, so 0 and -1 wake one as well.
static void wakeNone(int count) {
  pthread_t thread;
  struct timespec pause = {0, 20000000};
  word = 0;
  pthread_create(&thread, NULL, waitForWord, NULL);
  nanosleep(&pause, NULL);
  word = 1;
  printf("waking %d wakes %ld\n", count, syscall(SYS_futex, &word, FUTEX_WAKE, count, NULL, NULL, 0));
  pthread_join(thread, NULL);
}

int main(void) {
  pthread_t threads[4];
  wakeNone(0);
  wakeNone(-1);
  pthread_barrier_init(&barrier, NULL, 4);
  for (long i = 0; i < 4; i++) pthread_create(&threads[i], NULL, count, (void *)i);
  for (int i = 0; i < 4; i++) {
    void *value;
    pthread_join(threads[i], &value);
    printf("thread %d gave %ld\n", i, (long)value);
  }
  printf("counter %ld initialised %d mine %d\n", counter, initialised, mine);

  pthread_create(&threads[0], NULL, ping, (void *)0L);
  pthread_create(&threads[1], NULL, ping, (void *)1L);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  printf("turn %d\n", turn);

  pthread_create(&threads[0], NULL, sleeper, "sleeper");
  struct timespec pauseTime = {0, 20000000};
  nanosleep(&pauseTime, NULL);
  pthread_cancel(threads[0]);
  void *value;
  pthread_join(threads[0], &value);
  printf("cancelled %d\n", value == PTHREAD_CANCELED);

  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec += 5000000;
  if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
  pthread_mutex_lock(&lock);
  int timed = pthread_cond_timedwait(&changed, &lock, &until);
  printf("timed out %d\n", timed == ETIMEDOUT);
  return 0;
}
