// spin.c: never ends.
volatile unsigned long turns;

int main(void) {
  for (;;)
    turns++; // MARK turn
}
