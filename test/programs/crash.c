// crash.c: writes where nothing is.
#include <stdio.h>

int progress;

static void store(int *where) {
  *where = 1; // MARK crash
}

int main(void) {
  progress = 1;
  puts("about to crash");
  fflush(stdout);
  store((int *)16);
  puts("unreachable");
  return 0;
}
