// each-own.c: thread-local variables of several threads, and pointers that the loader fills in.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>

struct state {
  int depth;
  long total;
};
__thread int own = 3;
__thread struct state state;
__thread char name[13];
__thread struct state *reached;
static __thread int quiet;
static int number = 4;
int *first_pointer = &number;

static void *work(void *argument) {
  long rounds = (long)argument;
  char title[16];
  snprintf(title, sizeof title, "worker%ld", rounds);
  pthread_setname_np(pthread_self(), title);
  for (int i = 0; i < rounds; i++) {
    own++; // MARK bump
    state.total += i;
    state.depth = i;
  }
  name[0] = 'a' + rounds;
  reached = &state;
  if (rounds == 3) quiet = 9; // MARK quiet
  return 0;
}

int main(void) {
  pthread_t threads[3];
  own = 10;
  for (long i = 0; i < 3; i++) pthread_create(&threads[i], 0, work, (void *)(i + 1));
  for (int i = 0; i < 3; i++) pthread_join(threads[i], 0);
  printf("own %d, number %d\n", own, *first_pointer);
  return 0; // MARK end
}
