// busy.c: never ends, and calls one function all the time.
volatile unsigned long turns;

static void __attribute__((noinline)) turn(void) {
  volatile int mine = 0;
  mine = 1;
  turns++;
}

int main(void) {
  for (;;)
    turn();
}
