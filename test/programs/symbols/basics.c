// basics.c: one of everything that the symbols' tests ask for.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long word;
enum color { RED, GREEN = 5, BLUE, NEGATIVE = -3 };
struct point {
  int x;
  int y;
};
struct flags {
  unsigned low : 3;
  signed middle : 7;
  unsigned long high : 40;
  unsigned char tail;
};
union number {
  int whole;
  float real;
  unsigned char bytes[8];
};
struct node {
  struct node *next;
  const char *name;
  union {
    int anonymous_int;
    float anonymous_float;
  };
  int (*compare)(const void *, const void *);
  struct point corners[2][3];
  enum color color;
  double weights[4];
  char flexible[];
};

int counter = 41;
static long hidden = 7;
const char *const greeting = "hello";
struct point origin = {1, 2};
struct node *list;
struct flags bits = {5, -3, 0x123456789a, 9};
union number number = {.whole = 0x40490fdb};
int matrix[3][4] = {{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}};
double real = 2.5;
long double wide = 1.25L;
_Bool truth = 1;
__thread int per_thread = 99;
static __thread long hidden_per_thread = 100;
enum color paint = BLUE;
volatile unsigned short ticks;
word (*operation)(word, word);

static inline int square(int value) {
  int result = value * value;
  return result;
}

static int compare(const void *left, const void *right) {
  const int *a = left;
  const int *b = right;
  counter++;
  return *a - *b;
}

__attribute__((noinline)) int factorial(int n) {
  if (n <= 1) {
    counter += n;
    return 1;
  }
  int rest = factorial(n - 1);
  return n * rest;
}

__attribute__((noinline)) static word add(word a, word b) {
  static int calls;
  calls++;
  return a + b + (word)hidden;
}

__attribute__((noinline)) double mix(int i, double d, struct point p, char *text) {
  double sum = i + d;
  for (int j = 0; j < 3; j++) {
    int squared = square(j + i);
    sum += squared;
    if (squared > 4) {
      int i = squared - 4;
      sum += i;
    }
  }
  text[0] = (char)('a' + p.x);
  ticks += (unsigned short)p.y;
  return sum;
}

int main(int argc, char **argv) {
  int numbers[5] = {5, 3, 1, 4, 2};
  char text[16] = "text";
  struct node *node = calloc(1, sizeof *node + 8);
  node->name = argv[0];
  node->compare = compare;
  list = node;
  operation = add;
  qsort(numbers, 5, sizeof numbers[0], compare);
  int fact = factorial(5);
  double mixed = mix(argc, real, origin, text);
  word added = operation((word)fact, (word)numbers[4]);
  per_thread++;
  hidden_per_thread += per_thread;
  printf("%d %f %lu %s %d\n", fact, mixed, added, text, numbers[0]);
  return 0;
}
