/* kernel.h: what every benchmark kernel shares: its start without libc, its result, and the CPU time that it took.
   Each kernel defines `unsigned long kernel(long rounds)`. Prints "result nanoseconds"; the latter 0 where unknown. */

static long system_call(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}

static unsigned long kernel(long rounds);

static char *print_number(char *end, unsigned long value) {
  do {
    *--end = (char)('0' + value % 10);
    value /= 10;
  } while (value != 0);
  return end;
}

static unsigned long cpu_nanoseconds(void) {
  long time[2] = {0, 0};
  if (system_call(228, 2, (long)time, 0) != 0) return 0;
  return (unsigned long)time[0] * 1000000000ul + (unsigned long)time[1];
}

__attribute__((used)) static void kernel_main(long *stack) {
  char text[64];
  char *end = text + sizeof text;
  long rounds = 0;
  for (char *digit = (char *)stack[2]; *digit; digit++) rounds = rounds * 10 + (*digit - '0');
  unsigned long before = cpu_nanoseconds();
  unsigned long result = kernel(rounds);
  unsigned long after = cpu_nanoseconds();
  *--end = '\n';
  char *begin = print_number(end, after - before);
  *--begin = ' ';
  begin = print_number(begin, result);
  system_call(1, 1, (long)begin, text + sizeof text - begin);
  system_call(60, 0, 0, 0);
}

__asm__(".globl _start\n_start: mov %rsp, %rdi\n and $-16, %rsp\n call kernel_main\n hlt\n");
