// Counts the steps through a function, and shows RFLAGS after each: calls, merges, system calls, POPF, MOV SS, INT3.
#include "tracer.h"

extern char walk[], walkEnd[];
asm(".text\n"
    "walk:\n"
    "  mov $5, %ecx\n"
    "1: add %rcx, %rax\n"
    "  dec %ecx\n"
    "  jnz 1b\n"
    "  xor %eax, %eax\n"
    "  call 2f\n"
    "  cmp $1, %rax\n"
    "  jb 3f\n"
    "3: stc\n"
    "  call 2f\n"
    "  mov $39, %eax\n"
    "  syscall\n"
    "  mov $-1, %rbx\n"
    "  add $1, %rbx\n"
    "  pushf\n"
    "  pop %rdx\n"
    "  and $~0x100, %rdx\n"
    "  mov %rdx, %rsi\n"
    "  or $0x100, %rsi\n"
    "  push %rsi\n"
    "  popf\n"
    "  nop\n"
    "  push %rdx\n"
    "  popf\n"
    "  nop\n"
    "  mov %ss, %edi\n"
    "  mov %edi, %ss\n"
    "  nop\n"
    "  lea 8+message(%rip), %rsi\n"
    "  lea message(%rip), %rdi\n"
    "  mov $3, %ecx\n"
    "  rep movsb\n"
    "  int3\n"
    "  std\n"
    "  cld\n"
    "  sub $3, %ecx\n"
    "  ret\n"
    "2: inc %rax\n"
    "  ret\n"
    "walkEnd:\n"
    ".data\n"
    "message: .skip 32\n"
    ".text\n");

static void child(void) {
  ptrace(PTRACE_TRACEME, 0, 0, 0);
  signal(SIGTRAP, handle);
  raise(SIGSTOP);
  asm volatile("xor %%ecx, %%ecx; call walk" ::: "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r11", "memory", "cc");
  signal(SIGUSR1, handle);
  raise(SIGUSR1);
  _exit(handled);
}

// Everything but IF, which is always set, RF, which virtual machines show differently, and what is undefined.
static unsigned flags(struct user_regs_struct regs) { return regs.eflags & 0x44dd5; }

int main(void) {
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) child();
  printf("%s\n", text(next(pid)));
  long inside = 0, outside = 0;
  int status;
  unsigned long start = (unsigned long)walk, end = (unsigned long)walkEnd;
  for (;;) {
    ptrace(PTRACE_SINGLESTEP, pid, 0, 0);
    status = next(pid);
    if (!WIFSTOPPED(status)) break;
    struct user_regs_struct regs = registers(pid);
    if (regs.rip < start || regs.rip >= end) {
      outside++;
      if (inside > 0) break;
      continue;
    }
    printf("%2ld +%lld flags %x rcx %llx orig %lld %s %s", ++inside, regs.rip - start, flags(regs), regs.rcx,
           (long long)regs.orig_rax, text(status), siginfo(pid));
    printf(" dr6 %lx\n", ptrace(PTRACE_PEEKUSER, pid, offsetof(struct user, u_debugreg[6]), 0));
  }
  printf("outside %d\n", outside > 0);
  // After a POPF under a step Linux takes TF for the program's own; the tracer takes it back.
  struct user_regs_struct last = registers(pid);
  printf("own TF %lld\n", last.eflags & 0x100);
  last.eflags &= ~0x100;
  ptrace(PTRACE_SETREGS, pid, 0, &last);
  // A handler under a step: the stop is at its first instruction.
  ptrace(PTRACE_CONT, pid, 0, 0);
  printf("%s\n", text(next(pid)));
  ptrace(PTRACE_SINGLESTEP, pid, 0, SIGUSR1);
  printf("%s", text(next(pid)));
  struct user_regs_struct regs = registers(pid);
  printf(" at the handler %d TF %lld %s\n", regs.rip == (unsigned long)handle, regs.eflags & 0x100, siginfo(pid));
  ptrace(PTRACE_SINGLESTEP, pid, 0, 0);
  printf("%s", text(next(pid)));
  printf(" %s\n", siginfo(pid));
  ptrace(PTRACE_CONT, pid, 0, 0);
  printf("%s\n", text(next(pid)));
  return 0;
}
