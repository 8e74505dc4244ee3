// talk.c: both outputs, characters of several bytes in pieces, input, arguments and environment.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
  const char *text = "grüße → 日本\n";
  for (size_t i = 0; i < strlen(text); i++)
    if (write(1, text + i, 1) != 1)
      return 1;
  fprintf(stderr, "to stderr\n");
  char line[64] = "";
  if (fgets(line, sizeof line, stdin))
    printf("read %s", line);
  char directory[512];
  printf("cwd %s\n", getcwd(directory, sizeof directory));
  for (int i = 1; i < argc; i++)
    printf("arg %s\n", argv[i]);
  const char *value = getenv("TRAPLINE_TEST");
  printf("env %s\n", value ? value : "none");
  return 0;
}
