// stacks.c: frames on several stacks beside each other: two coroutines, and a handler above the thread that it interrupts.
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <ucontext.h>

enum { STACK_BYTES = 65536 };
static struct {
  char low[STACK_BYTES], high[STACK_BYTES];
} stacks;
static ucontext_t home, maker, taker;
static jmp_buf out;
static volatile int *shared;
static volatile int quiet;

static void make(void) {
  volatile int made = 0;
  shared = &made;
  quiet = 1; // MARK make
  for (int i = 0; i < 2; i++) {
    made += 1; // MARK made
    swapcontext(&maker, &taker);
  }
  made = 9; // MARK last
}

static void take(void) {
  for (;;) {
    *shared += 10; // MARK taken
    swapcontext(&taker, &home);
  }
}

static void begin(ucontext_t *context, char *stack, void (*function)(void)) {
  getcontext(context);
  context->uc_stack.ss_sp = stack;
  context->uc_stack.ss_size = STACK_BYTES;
  context->uc_link = &home;
  makecontext(context, function, 0);
}

static void handle(int signal) {
  *shared += signal; // MARK handled
}

static void *interrupted(void *stack) {
  volatile int mine = 1;
  stack_t own = {.ss_sp = stack, .ss_size = STACK_BYTES};
  sigaltstack(&own, 0);
  shared = &mine;
  quiet = 2; // MARK interrupted
  pthread_kill(pthread_self(), SIGCHLD);
  mine = 2; // MARK after
  if (!setjmp(out)) longjmp(out, 1);
  mine = 3; // MARK jumped
  return 0;
}

int main(void) {
  begin(&maker, stacks.low, make);
  begin(&taker, stacks.high, take);
  for (int i = 0; i < 2; i++) {
    swapcontext(&home, &maker);
    *shared += 100; // MARK home
  }
  swapcontext(&home, &maker);

  struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
  sigaction(SIGCHLD, &action, 0);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  char *both = aligned_alloc(4096, 2 * STACK_BYTES);
  pthread_attr_setstack(&attributes, both, STACK_BYTES);
  pthread_t thread;
  pthread_create(&thread, &attributes, interrupted, both + STACK_BYTES);
  pthread_join(thread, 0);
  return 0;
}
