// far.c: two writes of `value`, and a long way after them. Usage: far ROUNDS.
#include <stdlib.h>

int value;

int main(int count, char **words) {
  value = 1;
  value = 2; // MARK written
  long rounds = count > 1 ? atol(words[1]) : 0;
  for (volatile long n = 0; n < rounds; n++) continue;
  return 0; // MARK end
}
