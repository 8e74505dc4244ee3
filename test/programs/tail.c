// tail.c: a call that ends in a jump: what it jumps to has the same place on the stack, and returns to the same caller.
volatile int quiet;

__attribute__((noinline)) static int second(int n) {
  volatile int others[4];
  for (int i = 0; i < 400; i++) others[i % 4] = n + i;
  return others[2];
}

__attribute__((noinline)) static int first(int n) {
  volatile int mine = n;
  quiet = 1; // MARK start
  mine += 2;
  mine *= 3;
  return second(mine);
}

int main(void) {
  int result = first(4);
  quiet = result; // MARK end
  return 0;
}
