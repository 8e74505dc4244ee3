// small.c: a little of everything, so that each of its bytes can be damaged in turn. Built without a C library.
struct pair {
  short first;
  unsigned second : 5;
  struct pair *next;
};
enum level { LOW, HIGH = 9 };
struct pair head = {1, 2, 0};
static enum level level = HIGH;
int table[2][3];
__thread int own;

static inline int half(int value) {
  int result = value / 2;
  return result;
}

__attribute__((noinline)) int sum(int count, const struct pair *from) {
  int total = level;
  for (int i = 0; i < count; i++) {
    int part = half(i + from->first);
    table[0][i & 1] = part;
    total += part;
  }
  return total;
}

void _start(void) {
  int done = sum(3, &head);
  own = done;
  for (;;)
    __asm__ volatile("" ::"r"(done));
}
