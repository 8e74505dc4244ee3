// script.c: does what a file of numbers says, each store and load by one instruction, so that a test knows them all.
//
//     w SIZE OFFSET VALUE   r SIZE OFFSET   c DEPTH WRITES   t THREADS TIMES … e   k
//
// `t` to `e` is done by so many threads at once, so many times; `c` is a call of calls with a local written in each, `k` a pause.
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct op {
  char kind;
  long first, second, third;
};

_Alignas(64) char region[64];
static struct op ops[4096];
static int count;
int ticks;

static void store(long size, long offset, long value) {
  void *at = region + offset;
  if (size == 1) *(volatile int8_t *)at = (int8_t)value;
  if (size == 2) *(volatile int16_t *)at = (int16_t)value;
  if (size == 4) *(volatile int32_t *)at = (int32_t)value;
  if (size == 8) *(volatile int64_t *)at = value;
}

static void load(long size, long offset) {
  void *at = region + offset;
  if (size == 1) (void)*(volatile int8_t *)at;
  if (size == 2) (void)*(volatile int16_t *)at;
  if (size == 4) (void)*(volatile int32_t *)at;
  if (size == 8) (void)*(volatile int64_t *)at;
}

static void tick(void) {
  ticks++; // MARK tick
}

static void call(long depth, long writes) {
  volatile int mine;
  mine = 0; // MARK call
  for (long i = 0; i < writes; i++) mine = (int)i + 1;
  if (depth > 0) call(depth - 1, writes);
  mine = -1;
}

static void run(int from, int to);

struct part {
  int from, to;
  long times;
};

static void *thread(void *argument) {
  struct part *part = argument;
  for (long i = 0; i < part->times; i++) run(part->from, part->to);
  return 0;
}

/** Where the block that begins there ends. */
static int block(int from) {
  int at = from;
  while (ops[at].kind != 'e') at++;
  return at;
}

static int together(int from, long threads, long times) {
  pthread_t ids[8];
  struct part part = {from + 1, block(from), times};
  for (long i = 0; i < threads; i++) pthread_create(&ids[i], 0, thread, &part);
  for (long i = 0; i < threads; i++) pthread_join(ids[i], 0);
  return part.to;
}

static void run(int from, int to) {
  for (int i = from; i < to; i++) {
    struct op op = ops[i];
    if (op.kind == 'w') store(op.first, op.second, op.third);
    if (op.kind == 'r') load(op.first, op.second);
    if (op.kind == 'c') call(op.first, op.second);
    if (op.kind == 'k') tick();
    if (op.kind == 't') i = together(i, op.first, op.second);
  }
}

int main(void) {
  struct op op;
  while (count < 4096 && scanf(" %c %ld %ld %ld", &op.kind, &op.first, &op.second, &op.third) == 4) ops[count++] = op;
  run(0, count);
  return 0;
}
