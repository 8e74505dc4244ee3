// copies.c: the writer is in the C library.
#include <stdio.h>
#include <string.h>

char name[16] = "before";
int numbers[4] = {1, 2, 3, 4};
int others[4] = {5, 6, 7, 8};

int main(int argc, char **argv) {
  (void)argv;
  printf("start %d\n", argc);               // MARK start
  strcpy(name, argc > 100 ? "x" : "after"); // MARK strcpy
  memcpy(numbers, others, sizeof numbers * (size_t)argc); // MARK memcpy
  memset(name, 'z', (size_t)argc * 4);      // MARK memset
  printf("%s %d\n", name, numbers[2]);
  return 0;
}
