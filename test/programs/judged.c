// judged.c: writes of every kind to globals and locals, from calls of several depths, by two threads: what the machine
// decides of hits is held against what is decided where the thread can be looked at.
//
// usage: judged SEED
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct __attribute__((packed)) record {
  char tag;
  long value;
  int other;
};

struct bits {
  unsigned low : 3;
  int high : 7;
  unsigned rest : 22;
};

long total;
struct bits bits;
struct bits *seat;
int counter;
short small[8];
double ratio;
struct record packed = {'a', 1, 2};
long pair[2];
static jmp_buf back;
static unsigned state;

static unsigned next(void) { return state = state * 1103515245 + 12345, (state >> 16) & 0x7fff; }

__attribute__((noinline)) static void store(int *to, int value) { *to = value; }

static int recurse(int depth, int *outer) {
  int local = depth;
  store(&local, depth * 3);
  *outer += local;
  if (depth > 0)
    local += recurse(depth - 1, depth % 2 ? outer : &local);
  return local;
}

static void leap(int depth, long *outer) {
  volatile long mine = depth;
  mine += *outer;
  *outer = mine;
  if (depth == 0)
    longjmp(back, 1);
  leap(depth - 1, outer);
}

static void *worker(void *to) {
  int *shared = to;
  for (int i = 0; i < 200; i++) {
    *shared = i / 2;
    pair[i & 1] = i;
    counter += 2;
  }
  return NULL;
}

static void globals(int i) {
  counter++;
  total = next() & 3;
  small[next() & 7] = i;
  ratio = counter / 2.0;
  packed.value = next() & 1;
  packed.other = i / 8;
  memcpy((char *)&packed + (next() & 7), &i, 4);
  bits.low = i;
  bits.high = i * 5;
  bits.rest ^= 1;
  seat = next() & 3 ? &bits : NULL;
  memset(pair, i & 1, sizeof pair);
}

static long work(int rounds) {
  int local = 0, peer = 0; // MARK locals
  long wide = 0;
  struct record mine = {0, 0, 0};
  pthread_t thread;
  pthread_create(&thread, NULL, worker, &peer); // MARK watch
  for (int i = 0; i < rounds; i++) {
    globals(i);
    store(&local, i / 3);
    local += recurse(i & 3, &local);
    mine.value += local;
    mine.tag = i / 4;
    memcpy((char *)&mine + (i & 7), &i, 4);
    peer--;
    if (setjmp(back) == 0)
      leap(2, &wide);
    wide++;
  }
  pthread_join(thread, NULL);
  return wide + local + peer + mine.value;
}

int main(int argc, char **argv) {
  state = argc > 1 ? atoi(argv[1]) : 1;
  long result = work(150); // MARK first
  result += work(150);
  printf("%ld %ld %d\n", result != 0, total, counter);
  return 0;
}
