// What the tracers of this folder share: how a wait's status and a siginfo are told.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int handled;
static inline void handle(int signal) { handled += signal; }

static inline const char *text(int status) {
  static char line[80];
  if (WIFEXITED(status)) sprintf(line, "exit %d", WEXITSTATUS(status));
  else if (WIFSIGNALED(status)) sprintf(line, "killed %d", WTERMSIG(status));
  else if (WIFCONTINUED(status)) sprintf(line, "continued");
  else sprintf(line, "stop %d event %d", WSTOPSIG(status), status >> 16);
  return line;
}

static inline struct user_regs_struct registers(pid_t pid) {
  struct user_regs_struct regs;
  memset(&regs, 0, sizeof regs);
  if (ptrace(PTRACE_GETREGS, pid, 0, &regs) != 0) printf("GETREGS: errno %d\n", errno);
  return regs;
}

static inline const char *siginfo(pid_t pid) {
  static char line[80];
  siginfo_t info;
  memset(&info, 0, sizeof info);
  if (ptrace(PTRACE_GETSIGINFO, pid, 0, &info) != 0) sprintf(line, "no siginfo (%d)", errno);
  else sprintf(line, "signo %d code %x own %d", info.si_signo, info.si_code, info.si_pid == pid);
  return line;
}

// The next stop or end of one child or tracee.
static inline int next(pid_t pid) {
  int status = 0;
  if (waitpid(pid, &status, __WALL) != pid) printf("waitpid: errno %d\n", errno);
  return status;
}

#define TRY(call)                                           \
  do {                                                      \
    errno = 0;                                              \
    long answer = (long)(call);                             \
    printf("%s: %ld errno %d\n", #call, answer, errno);     \
  } while (0)
