// optimized.c: for -O1: variables in registers, ones that are computed away, and one in memory.
int written;

__attribute__((noinline)) static void use(int *part) { *part += 2; }

__attribute__((noinline)) static int work(int count, int *target) {
  int sum = 0;
  int parts[3] = {1, 2, 3};
  use(&parts[1]); // MARK work
  for (int i = 0; i < count; i++) sum += *target * i + parts[i % 3];
  *target = sum; // MARK target
  return sum;
}

int main(int argc, char **argv) {
  (void)argv;
  int value = argc + 4;
  written = work(argc + 3, &value);
  return written == 0;
}
