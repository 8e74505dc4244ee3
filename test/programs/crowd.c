// crowd.c: threads that run at once, each with so many stores beside what is watched: what switching among them costs.
//
// usage: crowd STORES THREADS
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

long cells[1024];
static long stores;

static void *work(void *unused) {
  volatile long own[64];
  for (long i = 0; i < stores; i++) own[i & 63] = i;
  return unused;
}

int main(int argc, char **argv) {
  pthread_t threads[16];
  int count = argc > 2 ? atoi(argv[2]) : 1;
  stores = argc > 1 ? atol(argv[1]) : 1;
  for (int n = 0; n < count; n++) pthread_create(&threads[n], NULL, work, NULL);
  for (int n = 0; n < count; n++) pthread_join(threads[n], NULL);
  printf("%ld\n", cells[0]); // MARK end
  return 0;
}
