// Arguments, environment, standard output and error, exit code.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv, char **envp) {
  printf("argc %d\n", argc);
  for (int i = 1; i < argc; i++) printf("argv[%d] %s\n", i, argv[i]);
  printf("GREETING %s\n", getenv("GREETING"));
  printf("envp %d page %ld\n", envp[0] != NULL, sysconf(_SC_PAGESIZE));
  fprintf(stderr, "to standard error\n");
  return argc + 40;
}
