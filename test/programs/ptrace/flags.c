// RFLAGS at stops in code that has run often: after calls, returns and meetings of ways, at faults, hits and calls.
#include "tracer.h"

static long place[8];

// Runs `count` rounds; in the last one the store or load at the end goes to `last`.
long round_and_fault(long count, long *good, long *last);
long round_and_call(long count);
asm(".text\n"
    "leaf: add $0x7fffffff, %edx\n"
    "  ret\n"
    "round_and_fault:\n"
    "1: mov $0x7fffffff, %edx\n"
    "  call leaf\n"                 // ZF=0 SF=1 PF=0 …
    "  test $1, %dil\n"
    "  jz 2f\n"
    "  cmp $0x1000, %edi\n"
    "2: mov $7, %ecx\n"             // ways meet: flags of either
    "  lea -1(%rdi), %rdi\n"
    "  mov %rdi, %rax\n"
    "  jrcxz 3f\n"
    "  mov (%rsi), %rcx\n"
    "3: sub $0x80, %eax\n"
    "  call leaf\n"
    "  mov %rsi, %rcx\n"
    "  mov %rdi, %rax\n"
    "  test %rdi, %rdi\n"
    "  jnz 4f\n"
    "  mov $0x5a, %cl\n"
    "  add $0x26, %cl\n"            // SF OF
    "  mov %rdx, %rcx\n"
    "  jo 5f\n"
    "  nop\n"
    "5: mov %rdx, %rsi\n"
    "  ret\n"
    "4: cmp $1, %rdi\n"
    "  jne 6f\n"
    "  mov 8(%rsp), %r8\n"
    "  mov %r9, %rsi\n"
    "6: neg %rcx\n"                 // CF, SF …
    "  call empty\n"
    "  mov %rdi, (%rsi)\n"
    "  jmp 1b\n"
    "empty: ret\n"
    "round_and_call:\n"
    "  mov %rdi, %r12\n"
    "1: mov %r12d, %eax\n"
    "  and $3, %eax\n"
    "  jz 2f\n"
    "  cmp $2, %eax\n"
    "2: mov $39, %eax\n"
    "  cmp $3, %r12\n"
    "  jg 3f\n"
    "  add $-1, %ecx\n"
    "  call empty\n"
    "  syscall\n"
    "3: dec %r12\n"
    "  jnz 1b\n"
    "  ret\n");

static void child(void) {
  ptrace(PTRACE_TRACEME, 0, 0, 0);
  raise(SIGSTOP);
  long rounds = 30000, *good = &place[0];
  asm volatile("mov %2, %%r9\n call round_and_fault" : "+D"(rounds), "+S"(good) : "r"(&place[4])
               : "rax", "rcx", "rdx", "r8", "r9", "memory", "cc");
  rounds = 30000;
  good = &place[0];
  asm volatile("mov $16, %%r9\n call round_and_fault" : "+D"(rounds), "+S"(good) :
               : "rax", "rcx", "rdx", "r8", "r9", "memory", "cc");
  _exit(1);
}

static void other(void) {
  ptrace(PTRACE_TRACEME, 0, 0, 0);
  raise(SIGSTOP);
  long rounds = 30000;
  asm volatile("mov $5, %%ecx\n call round_and_call" : "+D"(rounds) : : "rax", "rcx", "rdx", "r11", "r12", "memory", "cc");
  _exit(2);
}

static int show(pid_t pid) {
  int status = next(pid);
  if (!WIFSTOPPED(status)) {
    printf("%s\n", text(status));
    return 0;
  }
  struct user_regs_struct regs = registers(pid);
  // At the first stop rdi is the child's id.
  if (regs.orig_rax == SYS_exit_group) {
    printf("exit_group\n");
    return 1;
  }
  printf("%s flags %llx", text(status), regs.eflags & 0xcd5);
  if (WSTOPSIG(status) != SIGSTOP) printf(" rdi %lld", regs.rdi);
  printf("\n");
  return 1;
}

int main(void) {
  pid_t pid = fork();
  if (pid == 0) child();
  show(pid);
  ptrace(PTRACE_POKEUSER, pid, offsetof(struct user, u_debugreg[0]), &place[4]);
  ptrace(PTRACE_POKEUSER, pid, offsetof(struct user, u_debugreg[7]), 0x90001);
  ptrace(PTRACE_CONT, pid, 0, 0);
  show(pid);
  ptrace(PTRACE_CONT, pid, 0, 0);
  show(pid);
  kill(pid, SIGKILL);
  show(pid);
  pid = fork();
  if (pid == 0) other();
  show(pid);
  do ptrace(PTRACE_SYSCALL, pid, 0, 0);
  while (show(pid));
  return 0;
}
