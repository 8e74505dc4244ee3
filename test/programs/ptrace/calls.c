// A small strace: every system call of a child, at entry and exit, some of them changed on the way.
#include "tracer.h"
#include <fcntl.h>
#include <poll.h>
#include <time.h>

static void child(int in, int out) {
  char byte;
  raise(SIGSTOP);
  syscall(SYS_getuid, 1, 2, 3, 4, 5, 6);
  syscall(SYS_write, out, "hello", 5);
  if (syscall(SYS_read, in, &byte, 1) != 1) _exit(90);
  syscall(SYS_close, 77);
  // The tracer makes this a getpid, and the next one nothing at all.
  if (syscall(SYS_gettid, 7) != getpid()) _exit(91);
  if (syscall(SYS_sched_yield) != 1234) _exit(92);
  struct timespec nap = {0, 20000000};
  syscall(SYS_nanosleep, &nap, 0);
  signal(SIGUSR1, handle);
  kill(getpid(), SIGUSR1);
  struct pollfd none = {0};
  syscall(SYS_poll, &none, 0, 5);
  syscall(SYS_exit_group, 3);
}

// What a call is named by; pids and addresses differ from run to run.
static const char *name(long number) {
  static char text[24];
  switch (number) {
    case SYS_getuid: return "getuid";
    case SYS_write: return "write";
    case SYS_read: return "read";
    case SYS_close: return "close";
    case SYS_gettid: return "gettid";
    case SYS_getpid: return "getpid";
    case SYS_sched_yield: return "sched_yield";
    case SYS_nanosleep: return "nanosleep";
    case SYS_kill: return "kill";
    case SYS_poll: return "poll";
    case SYS_rt_sigaction: return "rt_sigaction";
    case SYS_rt_sigreturn: return "rt_sigreturn";
    case SYS_exit_group: return "exit_group";
  }
  sprintf(text, "%ld", number);
  return text;
}

static void entry(pid_t pid, int round) {
  struct user_regs_struct regs = registers(pid);
  struct { unsigned char op, pad[3]; unsigned arch; unsigned long ip, sp, nr, args[6]; } info = {0};
  long size = ptrace(0x420e, pid, sizeof info, &info);
  printf("%2d > %s rax %lld info %ld op %d nr %s same %d\n", round, name(regs.orig_rax), (long long)regs.rax, size,
         info.op, name(info.nr), info.ip == regs.rip && info.sp == regs.rsp && info.args[0] == regs.rdi);
  if (regs.orig_rax == SYS_getuid) {
    printf("   args %llu %llu %llu %llu %llu %llu\n", regs.rdi, regs.rsi, regs.rdx, regs.r10, regs.r8, regs.r9);
  }
  if (regs.orig_rax == SYS_gettid) ptrace(PTRACE_POKEUSER, pid, offsetof(struct user, regs.orig_rax), SYS_getpid);
  if (regs.orig_rax == SYS_sched_yield) ptrace(PTRACE_POKEUSER, pid, offsetof(struct user, regs.orig_rax), -1L);
}

static void leave(pid_t pid) {
  struct user_regs_struct regs = registers(pid);
  struct { unsigned char op, pad[3]; unsigned arch; unsigned long ip, sp; long value; unsigned char error; } info = {0};
  long size = ptrace(0x420e, pid, sizeof info, &info);
  int isId = regs.orig_rax == SYS_getpid;
  printf("   < %lld info %ld op %d error %d\n", isId ? regs.rax == (unsigned)pid : (long long)regs.rax, size, info.op,
         info.error);
  if ((long)regs.orig_rax == -1) ptrace(PTRACE_POKEUSER, pid, offsetof(struct user, regs.rax), 1234L);
}

int main(void) {
  int in[2], out[2], status, isEntry = 1, round = 0;
  pipe(in), pipe(out);
  write(in[1], "x", 1);
  pid_t pid = fork();
  if (pid == 0) {
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    child(in[0], out[1]);
  }
  waitpid(pid, &status, 0);
  printf("first %s\n", text(status));
  printf("options %ld\n", ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD));
  long signal = 0;
  for (;;) {
    ptrace(PTRACE_SYSCALL, pid, 0, signal);
    waitpid(pid, &status, 0);
    signal = 0;
    if (!WIFSTOPPED(status)) break;
    if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
      signal = WSTOPSIG(status);
      printf("-- %s %s\n", text(status), siginfo(pid));
      continue;
    }
    if (isEntry) entry(pid, round++);
    else leave(pid);
    isEntry = !isEntry;
  }
  printf("end %s\n", text(status));
  return 0;
}
