/* text.c: counts words and letters of a text, byte by byte. */
#include "kernel.h"
static char text[100000];
static unsigned letters[26];
static unsigned long kernel(long rounds) {
  unsigned seed = 7;
  for (int i = 0; i < 100000; i++) {
    seed = seed * 1664525 + 1013904223;
    unsigned k = (seed >> 16) % 32;
    text[i] = k < 26 ? (char)('a' + k) : ' ';
  }
  unsigned long words = 0;
  for (long r = 0; r < rounds; r++) {
    int inside = 0;
    for (int i = 0; i < 100000; i++) {
      char c = text[i];
      if (c == ' ') {
        words += (unsigned)inside;
        inside = 0;
      } else {
        letters[c - 'a']++;
        inside = 1;
      }
    }
    text[r % 100000] = ' ';
  }
  return words * 31 + letters[3];
}
