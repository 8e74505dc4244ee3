// recursion.c: the same local in many calls, each with its own life.
#include <setjmp.h>
#include <stdio.h>

static jmp_buf back;

static int sum(int n) {
  int partial = n; // MARK enter
  if (n > 0)
    partial += sum(n - 1); // MARK add
  return partial; // MARK leave
}

static void deep(int level) {
  int mine = level; // MARK deep
  mine++;           // MARK mine
  if (level == 2)
    longjmp(back, 1); // MARK jump
  deep(level + 1);
  printf("never %d\n", mine);
}

static int noise(void) {
  volatile int fill[64];
  for (int i = 0; i < 64; i++)
    fill[i] = i; // MARK noise
  return fill[63];
}

int main(void) {
  int result = sum(4);
  printf("sum %d\n", result); // MARK summed
  if (setjmp(back) == 0)
    deep(0);
  result = noise(); // MARK after
  printf("noise %d\n", result);
  return 0;
}
