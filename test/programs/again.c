// again.c: takes its own place with execve(2), once.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int counter;
int *block;

int main(int count, char **words) {
  block = malloc(sizeof *block);
  puts("start"); // MARK start
  counter += 10; // MARK first
  *block = 1;    // MARK block
  if (count == 1) execl("/proc/self/exe", words[0], "again", (char *)0);
  counter += 100; // MARK second
  return 0;
}
