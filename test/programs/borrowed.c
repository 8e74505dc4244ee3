// borrowed.c: a coroutine on a stack of its own (from malloc, or mapped where a word is given), left while its local lives.
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { STACK_BYTES = 65536 };
static ucontext_t home, coroutine;

static void work(void) {
  volatile int mine = 1;
  mine = 2; // MARK mine
  swapcontext(&coroutine, &home);
}

int main(int count, char **words) {
  (void)words;
  char *stack = count == 1 ? malloc(STACK_BYTES)
                           : mmap(0, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  getcontext(&coroutine);
  coroutine.uc_stack.ss_sp = stack;
  coroutine.uc_stack.ss_size = STACK_BYTES;
  makecontext(&coroutine, work, 0);
  swapcontext(&home, &coroutine);
  void *other = malloc(16);
  free(other);
  if (count == 1) free(stack); // MARK freed
  else munmap(stack, STACK_BYTES);
  return 0; // MARK end
}
