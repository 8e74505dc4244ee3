// conditions.c: one global after the other is written again and again: what people write into conditions, each by a
// function of its own.
//
// usage: conditions ROUNDS NAME
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum mode { IDLE, BUSY = 7, DONE = -1 };
struct config {
  int mode;
  unsigned ready : 1;
  unsigned level : 5;
  int balance : 9;
  struct config *next;
};
struct point {
  long x, y, z;
};

struct __attribute__((packed)) record {
  char tag;
  long serial;
  unsigned part : 3;
  unsigned rest : 11;
  short shorts[3];
};

typedef signed char small;

int value;
small other;
unsigned char byte;
unsigned long mask;
struct config configs[4];
int matrix[3][4];
struct record record;
short *shorts;
void (*handler)(int);
struct config first = {1, 0, 3, -4, 0};
struct config second = {2, 1, 4, -5, &first};
struct config *cfg = &second;
struct config *walker = &first;
struct point point = {1, 2, 3};
__int128 wide;
unsigned __int128 huge;
double ratio = 0.5;
float slope = 0.5f;
bool flag;
enum mode mode = IDLE;
char letter = 'a';
int table[16] = {1, 2, 3, 4};
int at = 3;
int *cursor = table;

static void write_value(int i) { value = i; }
static void write_level(int i) { first.level = i; }
static void write_point(int i) { point.y = i; }
static void write_wide(int i) { wide = i; }
static void write_ratio(int i) { ratio = i / 4.0; }
static void write_slope(int i) { slope = i / 4.0f; }
static void write_flag(int i) { flag = i & 1; }
static void write_mode(int i) { mode = i & 1 ? BUSY : IDLE; }
static void write_letter(int i) { letter = 'a' + (i & 15); }
static void write_cursor(int i) { cursor = &table[i & 15]; }
static void write_through(int i) { walker->mode = i; }
static void write_walker(int i) {
  walker = i & 1 ? &first : &second;
  walker->mode = i;
}

static const struct {
  const char *name;
  void (*write)(int);
} WRITERS[] = {{"value", write_value},   {"level", write_level},     {"point", write_point},
               {"wide", write_wide},     {"ratio", write_ratio},     {"slope", write_slope},
               {"flag", write_flag},     {"mode", write_mode},       {"letter", write_letter},
               {"cursor", write_cursor}, {"through", write_through}, {"walker", write_walker}};

int main(int argc, char **argv) {
  int rounds = argc > 1 ? atoi(argv[1]) : 10;
  for (unsigned n = 0; n < sizeof WRITERS / sizeof *WRITERS; n++) {
    if (argc > 2 && strcmp(WRITERS[n].name, argv[2])) continue;
    for (int i = 0; i < rounds; i++) WRITERS[n].write(i);
  }
  printf("%d %d %ld %d %d\n", value, other, point.y, cfg->mode, at);
  return 0;
}
