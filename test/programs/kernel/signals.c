// Handlers: faults with their address, siglongjmp, alternate stacks, masks, nested signals, floating point kept.
#define _GNU_SOURCE
#include <errno.h>
#include <fenv.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#define FAILS(call, code) ((long)(call) == -1 && errno == (code))

static sigjmp_buf back;
static volatile int depth, order[8], seen;
static char alternate[65536];

static void fault(int number, siginfo_t *info, void *context) {
  ucontext_t *uc = context;
  printf("signal %d code %d address %p write %d\n", number, info->si_code, number == SIGSEGV ? info->si_addr : NULL,
         number == SIGSEGV ? (int)(uc->uc_mcontext.gregs[REG_ERR] >> 1 & 1) : 0);
  siglongjmp(back, number);
}

static void onStack(int number, siginfo_t *info, void *context) {
  char here;
  printf("on alternate stack %d\n", &here >= alternate && &here < alternate + sizeof alternate);
  (void)number, (void)info, (void)context;
}

static void nested(int number) {
  order[seen++] = number;
  if (number == SIGUSR1) {
    raise(SIGUSR2);
    order[seen++] = -number;
  }
}

static void spoil(int number) {
  volatile double x = 1.0;
  for (int i = 0; i < 100; i++) x = x * 1.5 + number;
}

static void skip(int number, siginfo_t *info, void *context) {
  ucontext_t *uc = context;
  uc->uc_mcontext.gregs[REG_RIP] += 2;
  uc->uc_mcontext.gregs[REG_RAX] = 77;
  (void)number, (void)info;
}

int main(void) {
  struct sigaction action = {.sa_sigaction = fault, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGFPE, &action, NULL);
  sigaction(SIGILL, &action, NULL);
  sigaction(SIGTRAP, &action, NULL);

  if (sigsetjmp(back, 1) == 0) *(volatile int *)8 = 1;
  if (sigsetjmp(back, 1) == 0) (void)*(volatile int *)16;
  char *page = mmap((void *)0x20000000, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  if (sigsetjmp(back, 1) == 0) page[5] = 1;
  volatile int zero = 0;
  if (sigsetjmp(back, 1) == 0) printf("%d\n", depth / zero);
  if (sigsetjmp(back, 1) == 0) __asm__ volatile("ud2");
  if (sigsetjmp(back, 1) == 0) __asm__ volatile("int3");

  stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
  sigaltstack(&stack, NULL);
  action.sa_sigaction = onStack;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigaction(SIGUSR1, &action, NULL);
  raise(SIGUSR1);

  signal(SIGUSR1, nested);
  signal(SIGUSR2, nested);
  raise(SIGUSR1);
  for (int i = 0; i < seen; i++) printf("order %d\n", order[i]);

  sigset_t set, pending;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  sigprocmask(SIG_BLOCK, &set, NULL);
  seen = 0;
  raise(SIGUSR2);
  raise(SIGUSR2);
  sigpending(&pending);
  printf("blocked: seen %d pending %d\n", seen, sigismember(&pending, SIGUSR2));
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  printf("unblocked: seen %d\n", seen);

  signal(SIGALRM, spoil);
  volatile double a = 3.25, b = 4.5;
  double c = a * b;
  raise(SIGALRM);
  printf("floating point %.3f\n", c + a);

  action.sa_sigaction = skip;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGILL, &action, NULL);
  long rax = 0;
  __asm__ volatile("ud2" : "=a"(rax));
  printf("context changed rax %ld\n", rax);

  signal(SIGUSR1, SIG_IGN);
  raise(SIGUSR1);
  signal(SIGUSR1, SIG_DFL);
  printf("bad signal %d\n", FAILS(kill(getpid(), 99), EINVAL));
  fflush(stdout);
  raise(SIGTERM);
  return 0;
}
