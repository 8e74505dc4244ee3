// Follows forks, vforks, clones, execs and exits of a program, in the order in which it is asked.
#include "tracer.h"
#include <pthread.h>
#include <sched.h>

#define EVENTS                                                                                                 \
  (PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT | \
   PTRACE_O_TRACEVFORKDONE)

static const char *self;

static void *worker(void *argument) {
  (void)argument;
  syscall(SYS_getuid);
  return 0;
}

static void child(void) {
  raise(SIGSTOP);
  pid_t pid = fork();
  if (pid == 0) _exit(5);
  int status;
  waitpid(pid, &status, 0);
  pid = vfork();
  if (pid == 0) {
    execl(self, self, "leaf", NULL);
    _exit(99);
  }
  waitpid(pid, &status, 0);
  pthread_t thread;
  pthread_create(&thread, 0, worker, 0);
  pthread_join(thread, 0);
  pid = fork();
  if (pid == 0) {
    kill(getpid(), SIGKILL);
  }
  waitpid(pid, &status, 0);
  execl(self, self, "leaf", NULL);
}

static pid_t known[8];
static int knownCount;

static int letter(pid_t pid) {
  for (int i = 0; i < knownCount; i++)
    if (known[i] == pid) return 'A' + i;
  known[knownCount] = pid;
  return 'A' + knownCount++;
}

// One task at a time is let go, so that the order is always the same: the youngest first.
int main(int count, char **arguments) {
  (void)count;
  self = arguments[0];
  if (count > 1) return 6;
  pid_t pid = fork();
  if (pid == 0) {
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    child();
    _exit(98);
  }
  printf("%s\n", text(next(pid)));
  letter(pid);
  TRY(ptrace(PTRACE_SETOPTIONS, pid, 0, EVENTS));
  pid_t current = pid, waiting[8];
  int depth = 0;
  ptrace(PTRACE_CONT, pid, 0, 0);
  for (int i = 0; i < 60; i++) {
    int status = next(current);
    printf("%c %s", letter(current), text(status));
    if (!WIFSTOPPED(status)) {
      printf("\n");
      if (depth == 0) break;
      current = waiting[--depth];
      ptrace(PTRACE_CONT, current, 0, 0);
      continue;
    }
    unsigned long message = 0;
    int event = status >> 16;
    if (event) ptrace(PTRACE_GETEVENTMSG, current, 0, &message);
    if (event == PTRACE_EVENT_EXIT) printf(" status %lx", message);
    else if (event) printf(" message %c", letter(message));
    printf(" %s", siginfo(current));
    if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK || event == PTRACE_EVENT_CLONE) {
      printf("\n");
      waiting[depth++] = current;
      current = message;
      int first = next(current);
      printf("%c born %s %s\n", letter(current), text(first), siginfo(current));
      ptrace(PTRACE_CONT, current, 0, 0);
      continue;
    }
    int signal = event || WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
    printf("\n");
    ptrace(PTRACE_CONT, current, 0, signal);
  }
  int status;
  printf("nobody left %d\n", waitpid(-1, &status, __WALL) == -1 && errno == ECHILD);
  return 0;
}
