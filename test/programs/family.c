// A parent, a child that works, and a child that becomes another program.
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

volatile int counter;
volatile int generation;

static void bump(int by) { counter += by; }

int main(int argc, char **argv) {
  if (argc > 1) {
    bump(40); // MARK replaced
    return 5;
  }
  bump(1);
  pid_t child = fork(); // MARK fork
  if (child == 0) {
    generation = 1;
    bump(10);
    _exit(3);
  }
  int status = 0;
  waitpid(child, &status, 0);
  bump(WEXITSTATUS(status)); // MARK after
  if (vfork() == 0) {
    execl("/proc/self/exe", argv[0], "again", (char *)0);
    _exit(1);
  }
  wait(&status);
  bump(WEXITSTATUS(status));
  return counter;
}
