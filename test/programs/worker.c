// worker.c: a local of a thread's own function, watched until the thread ends by itself.
#include <pthread.h>
#include <stdio.h>

static void *work(void *argument) {
  int steps = 0; // MARK work
  for (int i = 0; i < 3; i++)
    steps += 2; // MARK step
  if (argument != NULL)
    pthread_exit(NULL); // MARK exit
  return NULL;
}

int main(void) {
  pthread_t thread;
  for (int i = 0; i < 2; i++) {
    pthread_create(&thread, NULL, work, i == 0 ? &thread : NULL);
    pthread_join(thread, NULL);
  }
  puts("joined");
  return 0;
}
