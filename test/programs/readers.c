// readers.c: who reads, and who writes the value that is there already.
#include <stdio.h>

int source = 5;
int sink;

static int look(void) {
  return source; // MARK read
}

static void touch(void) {
  source = 5; // MARK same
}

static void change(void) {
  source = 6; // MARK change
}

int main(void) {
  sink = 1; // MARK start
  sink = look();
  touch();
  change();
  sink = look();
  printf("%d\n", sink);
  return 0;
}
