// racers.c: several threads write one variable; some start after it is watched.
#include <pthread.h>
#include <stdio.h>

#define THREADS 4
#define ROUNDS 3

int shared;
int finished;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *argument) {
  long self = (long)argument;
  for (int i = 0; i < ROUNDS; i++) {
    pthread_mutex_lock(&lock);
    shared += (int)self; // MARK write
    pthread_mutex_unlock(&lock);
  }
  return NULL;
}

int main(void) {
  pthread_t threads[THREADS];
  shared = 0; // MARK start
  for (long i = 0; i < THREADS; i++)
    pthread_create(&threads[i], NULL, work, (void *)(i + 1));
  for (int i = 0; i < THREADS; i++)
    pthread_join(threads[i], NULL);
  finished = 1; // MARK finished
  printf("shared %d\n", shared);
  return 0;
}
