// crowd.c: forty threads that write one number, millions of times.
#include <pthread.h>
#include <stdio.h>

enum { THREADS = 40, TURNS = 60000 };

static pthread_barrier_t done;
long hits_in_millions;

static void *work(void *argument) {
  for (int turn = 0; turn < TURNS; turn++) hits_in_millions++;
  pthread_barrier_wait(&done);
  pthread_barrier_wait(&done);
  return argument;
}

int main(void) {
  pthread_t threads[THREADS];
  puts("begin"); /* stop here */
  pthread_barrier_init(&done, NULL, THREADS + 1);
  for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, work, NULL);
  pthread_barrier_wait(&done);
  puts("all are there"); /* and here */
  pthread_barrier_wait(&done);
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  return 0;
}
