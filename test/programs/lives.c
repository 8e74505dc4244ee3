// lives.c: blocks of memory that come and go, as a file of numbers says; each store of the program's own is in `store`.
//
//     m SLOT SIZE   c SLOT SIZE   r SLOT SIZE   f SLOT   M SLOT SIZE   R SLOT SIZE   U SLOT   w SLOT OFFSET VALUE
//     p SLOT   t VALUE   k
//
// malloc, calloc, realloc, free; mmap, mremap, munmap; a store; `cursor` to a block; a store through it; `k` a pause.
// What makes no sense (a store into a block that is not there) is passed over.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct op {
  char kind;
  long first, second, third;
};

struct block {
  char *start;
  long size, isMapped;
};

static struct op ops[4096];
static int count;
struct block blocks[4];
int *cursor;
int ticks, current;

__attribute__((noinline)) static void store(int *at, int value) {
  *(volatile int *)at = value;
}

static void tick(void) {
  ticks++; // MARK tick
}

static void make(struct block *block, char kind, long size) {
  if (block->start) return;
  block->isMapped = kind == 'M';
  block->size = size;
  if (kind == 'm') block->start = malloc(size);
  if (kind == 'c') block->start = calloc(1, size);
  if (kind == 'M') block->start = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void resize(struct block *block, char kind, long size) {
  if (!block->start || block->isMapped != (kind == 'R')) return;
  if (kind == 'r') block->start = realloc(block->start, size);
  if (kind == 'R') block->start = mremap(block->start, block->size, size, MREMAP_MAYMOVE);
  block->size = size;
}

static void end(struct block *block, char kind) {
  if (!block->start || block->isMapped != (kind == 'U')) return;
  if (kind == 'f') free(block->start);
  if (kind == 'U') munmap(block->start, block->size);
  block->start = 0;
}

static void perform(struct op op) {
  struct block *block = &blocks[op.first & 3];
  if (strchr("mcM", op.kind)) make(block, op.kind, op.second);
  if (strchr("rR", op.kind)) resize(block, op.kind, op.second);
  if (strchr("fU", op.kind)) end(block, op.kind);
  if (op.kind == 'w' && block->start && op.second + 4 <= block->size) store((int *)(block->start + op.second), (int)op.third);
  if (op.kind == 'p') cursor = (int *)block->start;
  if (op.kind == 't' && cursor && cursor == (int *)block->start) store(cursor, (int)op.third);
  if (op.kind == 'k') tick();
}

int main(void) {
  struct op op;
  while (count < 4096 && scanf(" %c %ld %ld %ld", &op.kind, &op.first, &op.second, &op.third) == 4) ops[count++] = op;
  for (current = 0; current < count; current++) perform(ops[current]);
  return 0;
}
