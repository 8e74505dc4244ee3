// numbers.c: globals of every arithmetic type, one of which is written again and again.
#include <stdio.h>
#include <stdlib.h>

enum color { RED, GREEN = 7, BLUE = -1 };
enum flags { READ = 1u, WRITE = 2u };
struct pair {
  int x;
  long y;
};

signed char c8 = 1;
unsigned char u8 = 2;
short i16 = 3;
unsigned short u16 = 4;
int i32 = 5;
unsigned u32 = 6;
long i64 = 7;
unsigned long u64 = 8;
float f32 = 1.5f;
double f64 = 2.5;
enum color paint = GREEN;
enum flags rights = WRITE;
_Bool truth = 1;
char *text = "text";
struct pair both = {1, 2};
int table[4] = {1, 2, 3, 4};
int limit = 1000000000;
static int hidden = 9;

__attribute__((noinline)) static void write_i32(int value) {
  i32 = value; // MARK write
}

int main(int argc, char **argv) {
  int rounds = argc > 1 ? atoi(argv[1]) : 10;
  int twice = 2 * rounds; // MARK start
  for (int i = 0; i < rounds; i++) write_i32(i);
  i64 = twice + hidden; // MARK end
  printf("%d %ld %d %u %d\n", i32, i64, c8 + u8 + i16 + u16, u32 + (unsigned)u64, (int)(f32 + f64) + table[0] + both.x);
  printf("%d %d %d %s %d\n", paint, rights, truth, text, limit);
  return 0; // MARK finish
}
