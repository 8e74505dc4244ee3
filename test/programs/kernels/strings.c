/* strings.c: a small C library at work: strlen, strcmp, memcpy, strstr, tokens, numbers. */
#include "kernel.h"
static const char text[] = "the quick brown fox 12 jumps over 345 lazy dogs; and 6789 more of the quick ones follow the fox";
static unsigned long length(const char *s) { const char *e = s; while (*e) e++; return (unsigned long)(e - s); }
static int order(const char *a, const char *b) { while (*a && *a == *b) a++, b++; return (unsigned char)*a - (unsigned char)*b; }
static void copy(char *to, const char *from, unsigned long n) { while (n--) *to++ = *from++; }
static const char *find(const char *hay, const char *needle) {
  for (; *hay; hay++) {
    const char *h = hay, *n = needle;
    while (*n && *h == *n) h++, n++;
    if (!*n) return hay;
  }
  return 0;
}
static int is_space(int c) { return c == ' ' || c == ';'; }
static long number(const char *s) { long n = 0; while (*s >= '0' && *s <= '9') n = n * 10 + (*s++ - '0'); return n; }
static unsigned long kernel(long rounds) {
  unsigned long sum = 0;
  char words[32][16], line[128];
  for (long r = 0; r < rounds; r++) {
    int count = 0;
    copy(line, text, length(text) + 1);
    line[r % 20] ^= 32;
    for (const char *p = line; *p;) {
      while (is_space(*p)) p++;
      const char *begin = p;
      while (*p && !is_space(*p)) p++;
      copy(words[count], begin, (unsigned long)(p - begin));
      words[count++][p - begin] = 0;
    }
    for (int i = 1; i < count; i++)
      for (int j = 0; j < i; j++) sum += order(words[i], words[j]) < 0;
    for (int i = 0; i < count; i++) sum += (unsigned long)number(words[i]) + (find(line, words[i]) != 0);
  }
  return sum;
}
