// fork, exec, wait, pipes, exit codes, orphans, SIGCHLD, vfork through system().
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int children;
static void onChild(int number) { children += number == SIGCHLD; }

// Whom the kernel would end first, as every process may say of itself.
static void adjust(const char *value) {
  char now[16] = "";
  int fd = open("/proc/self/oom_score_adj", O_RDONLY);
  int before = read(fd, now, sizeof now - 1);
  close(fd);
  printf("score %.*s", before < 0 ? 0 : before, now);
  fd = open("/proc/self/oom_score_adj", O_WRONLY);
  int written = write(fd, value, strlen(value));
  printf(" -> %d errno %d\n", written, written < 0 ? errno : 0);
  fflush(stdout);
  close(fd);
}

int main(int argc, char **argv) {
  if (argc > 1) {
    printf("executed %s with %s\n", argv[1], getenv("COLOUR"));
    return 9;
  }
  setvbuf(stdout, NULL, _IONBF, 0);
  signal(SIGCHLD, onChild);
  int status, value = 5;
  int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

  pid_t pid = fork();
  if (pid == 0) {
    value = 6;
    *shared = 41;
    exit(7);
  }
  printf("waited %d\n", waitpid(pid, &status, 0) == pid);
  printf("exited %d code %d value %d shared %d children %d\n", WIFEXITED(status), WEXITSTATUS(status), value, *shared,
         children);

  int ends[2];
  pipe(ends);
  pid = fork();
  if (pid == 0) {
    dup2(ends[1], 1);
    close(ends[0]);
    close(ends[1]);
    char *const args[] = {argv[0], "child", NULL};
    char *const environment[] = {"COLOUR=green", NULL};
    execve("/proc/self/exe", args, environment);
    _exit(1);
  }
  close(ends[1]);
  char text[200] = "";
  ssize_t length = 0, got;
  while ((got = read(ends[0], text + length, sizeof text - 1 - length)) > 0) length += got;
  printf("read: %s", text);
  waitpid(pid, &status, 0);
  printf("code %d\n", WEXITSTATUS(status));

  pid = fork();
  if (pid == 0) abort();
  waitpid(pid, &status, 0);
  printf("signalled %d signal %d\n", WIFSIGNALED(status), WTERMSIG(status));

  pid = fork();
  if (pid == 0)
    for (;;) pause();
  kill(pid, SIGSTOP);
  waitpid(pid, &status, WUNTRACED);
  printf("stopped %d signal %d\n", WIFSTOPPED(status), WSTOPSIG(status));
  kill(pid, SIGCONT);
  waitpid(pid, &status, WCONTINUED);
  printf("continued %d\n", WIFCONTINUED(status));
  kill(pid, SIGKILL);
  siginfo_t info;
  memset(&info, 0, sizeof info);
  waitid(P_PID, pid, &info, WEXITED);
  printf("killed code %d status %d mine %d\n", info.si_code, info.si_status, info.si_pid == pid);

  adjust("250\n");
  adjust("1001");
  if (fork() == 0) {
    adjust("300");
    _exit(0);
  }
  wait(NULL);
  adjust("x");

  printf("nobody left %d\n", wait(NULL));
  printf("system %d\n", WEXITSTATUS(system("echo from the shell; exit 3")));
  FILE *pipe = popen("echo one; echo two", "r");
  while (fgets(text, sizeof text, pipe)) printf("popen %s", text);
  pclose(pipe);
  char *const missing[] = {"/nonexistent", NULL};
  printf("missing %d\n", execv("/nonexistent", missing));
  return 0;
}
