// named-like-commands.c: variables that are called like commands of the debug console.
#include <stdio.h>

struct entry {
  int delete;
};

int watch = 1;
int count = 2;
int v = 6;
struct entry log_entry = {7};

int main(void) {
  int p = 3, x = 4;
  struct entry log = log_entry;
  printf("%d\n", watch + count + p + x + log.delete); // MARK here
  return 0;
}
