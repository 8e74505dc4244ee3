// opened.c: what `opener.c` executes.
char narrow[4];
int counter;
int numbers[600];
int unrelated = 9;

int main(void) {
  for (int n = 0; n < 600; n++) numbers[n] = n;
  counter = 10;
  counter = 20; // MARK after
  return 0; // MARK end
}
