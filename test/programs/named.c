// named.c: threads that take names, and write the same variable one after the other.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>

int shared;

static void *work(void *name) {
  if (name != NULL)
    pthread_setname_np(pthread_self(), name);
  shared++; // MARK write
  return NULL;
}

int main(void) {
  puts("start"); // MARK start
  char *names[] = {NULL, "worker", "helper", "worker"};
  for (int i = 0; i < 4; i++) {
    pthread_t thread;
    pthread_create(&thread, NULL, work, names[i]);
    pthread_join(thread, NULL);
  }
  shared++;
  return 0;
}
