// own.c: a thread-local variable, whose memory a later thread takes over.
#include <pthread.h>

__thread int own = 3;
int seen;

static void *first(void *unused) {
  (void)unused;
  own = 4; // MARK first
  own = 5; // MARK again
  seen += own;
  return 0;
}

static void *second(void *unused) {
  (void)unused;
  own = 8; // MARK second
  own = 6;
  seen += own;
  return 0;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, first, 0);
  pthread_join(thread, 0);
  pthread_create(&thread, 0, second, 0);
  pthread_join(thread, 0);
  own = 7; // MARK main
  return seen == 11 ? 0 : 1;
}
