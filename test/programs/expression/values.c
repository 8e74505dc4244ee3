// values.c: variables of many types, stopped in the middle, for expressions to be compared with gdb's `print`.

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct point {
  int x, y;
};

enum color { RED, GREEN = 5, BLUE };
enum access { READ = 1, WRITE = 2, EXECUTE = 4 };
enum sign { MINUS = -1, ZERO, PLUS };

typedef struct point point_t;
typedef int (*operation)(int, int);

union number {
  int whole;
  float real;
  unsigned char bytes[4];
};

struct flags {
  unsigned ready : 1;
  unsigned level : 3;
  int delta : 5;
  unsigned long wide : 40;
  enum color color : 4;
  bool on : 1;
};

struct node {
  struct node *next;
  const char *name;
  struct point at;
  union {
    long id;
    double weight;
  };
  struct {
    short low, high;
  } half;
  operation apply;
  char tag[8];
  int tail[];
};

static int add(int a, int b) { return a + b; }

int counter = 41;
unsigned char byte = 200;
signed char small = -3;
short half_word = -1234;
unsigned short port = 8080;
long long huge = -1234567890123456789LL;
unsigned long mask = 0xf0f0f0f0f0f0f0f0ul;
__int128 giant = ((__int128)1 << 100) + 7;
bool truth = true;
float ratio = 0.1f;
double area = 2.5e-7;
long double precise = 1.0L / 3;
double _Complex wave = 1.5 - 2.5 * I;
wchar_t letter = L'\u00e9';
char greeting[16] = "hello, world";
const char *message = "a \"quoted\"\ttext\n";
int table[5] = {10, 20, 30, 40, 50};
int matrix[3][4] = {{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}};
struct point corners[3] = {{1, 2}, {3, 4}, {5, 6}};
point_t origin = {-1, -2};
enum color paint = BLUE;
enum access rights = READ | EXECUTE;
enum sign direction = MINUS;
union number number = {.real = 3.5f};
struct flags flags = {1, 5, -9, 0x123456789a, BLUE, true};
operation best = add;
void *anything = table;
int *cursor = &table[2];
int **indirect = &cursor;
struct node second = {NULL, "second", {7, 8}, {.weight = 0.5}, {1, 2}, NULL, "b"};
struct node first = {&second, "first", {5, 6}, {.id = 99}, {-1, 300}, add, "a"};
struct node *list = &first;
int (*row)[4] = &matrix[1];
static int hidden = 123;
volatile const int frozen = 77;
uint64_t stamp = UINT64_MAX;
size_t length = 12;
ptrdiff_t gap = -5;

__attribute__((noinline)) void stop_here(void) { __asm__ volatile(""); }

int outer(int depth, struct point by_value, const char *text) {
  int counter = depth * 100;
  double local = 1.25;
  struct point here = {depth, -depth};
  struct point *there = &here;
  int scores[4] = {4, 3, 2, 1};
  static int calls;
  calls++;
  if (depth > 0) {
    long counter = -5;
    stop_here();
    return (int)counter + here.x + by_value.x + text[0] + scores[0] + (int)local + there->y;
  }
  return counter;
}

int main(void) {
  printf("%d %d\n", outer(3, origin, "argument"), hidden);
  return 0;
}
