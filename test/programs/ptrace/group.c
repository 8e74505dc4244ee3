// Group-stops: attached and seized, LISTEN, INTERRUPT, SIGCONT, what the parent and the tracer see.
#include "tracer.h"

static void sleeper(void) {
  for (;;) pause();
}

static void report(const char *what, pid_t pid) {
  int status = next(pid);
  printf("%s: %s %s\n", what, text(status), siginfo(pid));
}

static int quiet(pid_t pid) {
  int status;
  return waitpid(pid, &status, WNOHANG | WUNTRACED | WCONTINUED | __WALL) == 0;
}

static void settle(void) { usleep(200000); }

static void traced(void) {
  pid_t pid = fork();
  if (pid == 0) {
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    raise(SIGSTOP);
    sleeper();
  }
  report("delivery", pid);
  ptrace(PTRACE_CONT, pid, 0, SIGSTOP);
  report("group-stop", pid);
  TRY(ptrace(PTRACE_LISTEN, pid, 0, 0));
  ptrace(PTRACE_CONT, pid, 0, 0);
  settle();
  printf("runs %d\n", quiet(pid));
  kill(pid, SIGCONT);
  report("continue", pid);
  ptrace(PTRACE_CONT, pid, 0, SIGCONT);
  settle();
  kill(pid, SIGUSR1);
  report("usr1", pid);
  TRY(ptrace(PTRACE_DETACH, pid, 0, SIGTERM));
  printf("end %s\n", text(next(pid)));
}

static void seized(void) {
  pid_t pid = fork();
  if (pid == 0) sleeper();
  settle();
  TRY(ptrace(PTRACE_SEIZE, pid, 8, 0));
  TRY(ptrace(PTRACE_SEIZE, pid, 0, 1 << 30));
  TRY(ptrace(PTRACE_SEIZE, pid, 0, 0));
  TRY(ptrace(PTRACE_SEIZE, pid, 0, 0));
  TRY(ptrace(PTRACE_CONT, pid, 0, 0));
  printf("quiet %d\n", quiet(pid));
  TRY(ptrace(PTRACE_INTERRUPT, pid, 0, 0));
  report("interrupt", pid);
  struct user_regs_struct regs = registers(pid);
  printf("orig %lld rax %lld\n", (long long)regs.orig_rax, (long long)regs.rax);
  TRY(ptrace(PTRACE_LISTEN, pid, 0, 0));
  TRY(ptrace(PTRACE_CONT, pid, 0, 0));
  TRY(ptrace(PTRACE_INTERRUPT, pid, 0, 0));
  report("interrupt while listening", pid);
  ptrace(PTRACE_CONT, pid, 0, 0);
  kill(pid, SIGSTOP);
  report("stop", pid);
  ptrace(PTRACE_CONT, pid, 0, SIGSTOP);
  report("group-stop", pid);
  TRY(ptrace(PTRACE_LISTEN, pid, 0, 0));
  settle();
  printf("quiet %d\n", quiet(pid));
  kill(pid, SIGCONT);
  report("notice", pid);
  ptrace(PTRACE_CONT, pid, 0, 0);
  report("continue", pid);
  ptrace(PTRACE_CONT, pid, 0, SIGCONT);
  kill(pid, SIGTSTP);
  report("tstp", pid);
  ptrace(PTRACE_CONT, pid, 0, SIGTSTP);
  report("group-stop", pid);
  // Left alone, it stays stopped.
  TRY(ptrace(PTRACE_DETACH, pid, 0, 0));
  int status = 0;
  printf("stopped %d", waitpid(pid, &status, WUNTRACED) == pid);
  printf(" %s\n", text(status));
  TRY(ptrace(PTRACE_ATTACH, pid, 0, 0));
  report("attached to a stopped one", pid);
  ptrace(PTRACE_CONT, pid, 0, 0);
  report("attach's own stop", pid);
  ptrace(PTRACE_DETACH, pid, 0, 0);
  kill(pid, SIGCONT);
  kill(pid, SIGKILL);
  waitpid(pid, &status, 0);
  printf("end %s\n", text(status));
}

// The parent hears of stops only from its own children, unless it traces them.
static void untraced(void) {
  pid_t pid = fork();
  if (pid == 0) sleeper();
  int status;
  kill(pid, SIGSTOP);
  printf("%d ", waitpid(pid, &status, WUNTRACED) == pid);
  printf("%s\n", text(status));
  siginfo_t info;
  memset(&info, 0, sizeof info);
  kill(pid, SIGCONT);
  printf("%d ", waitid(P_PID, pid, &info, WCONTINUED | WNOWAIT) == 0);
  printf("code %d status %d\n", info.si_code, info.si_status);
  printf("%d ", waitpid(pid, &status, WCONTINUED) == pid);
  printf("%s\n", text(status));
  TRY(waitid(P_PID, pid, &info, 0));
  kill(pid, SIGKILL);
  printf("%s\n", text(next(pid)));
}

// In a group of its own that is not orphaned, whoever started this: there SIGTSTP would be dropped.
int main(void) {
  setvbuf(stdout, 0, _IONBF, 0);
  pid_t pid = fork();
  if (pid == 0) {
    setpgid(0, 0);
    traced();
    seized();
    untraced();
    return 0;
  }
  int status;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
