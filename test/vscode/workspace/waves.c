// waves.c: one number that two threads raise and lower, for the history panel.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
int level = 50;

static void add(int amount) {
  pthread_mutex_lock(&lock);
  level += amount; /* writes level */
  pthread_mutex_unlock(&lock);
}

static void *tide(void *argument) {
  (void)argument;
  for (int i = 0; i < 60; i++) add(i % 20 < 10 ? 3 : -3);
  return NULL;
}

static void *drain(void *argument) {
  (void)argument;
  for (int i = 0; i < 20; i++) add(-2);
  level = 0; /* empties it */
  return NULL;
}

int main(void) {
  pthread_t threads[2];
  puts("begin"); /* stop here */
  pthread_create(&threads[0], NULL, tide, NULL);
  pthread_create(&threads[1], NULL, drain, NULL);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
  puts("end"); /* and here */
  return 0;
}
