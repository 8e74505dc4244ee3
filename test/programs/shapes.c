// shapes.c: members, elements, bit-fields and values of every width.
#include <stdint.h>
#include <stdio.h>

struct point {
  int x, y;
};

struct config {
  char name[8];
  struct point origin;
  unsigned flags : 3;
  unsigned level : 5;
  double ratio;
};

struct config settings = {"plain", {1, 2}, 1, 2, 0.5};
int table[8];
int8_t byte = 1;
int16_t half = 2;
int32_t word = 3;
int64_t quad = 4;
float single = 1.5f;
double precise = 2.5;
char block[64];
struct point *chosen = &settings.origin;

int main(void) {
  settings.origin.y = 22;   // MARK member
  table[5] = 50;            // MARK element
  table[4] = 40;            // MARK other
  byte = -1;                // MARK byte
  half = -2;                // MARK half
  word = -3;                // MARK word
  quad = -4;                // MARK quad
  single = 2.5f;            // MARK single
  precise = -0.125;         // MARK precise
  settings.level = 9;       // MARK level
  settings.flags = 5;       // MARK flags
  chosen->x = 11;           // MARK arrow
  settings.name[0] = 'P';   // MARK char
  block[63] = 1;            // MARK block
  printf("%d %d\n", settings.origin.x, table[5]);
  return 0;
}
