// mmap, mprotect, mremap, brk, large allocations, the stack's size.
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FAILS(call, code) ((long)(call) == -1 && errno == (code))

static int deep(int levels) {
  char block[4096];
  memset(block, levels, sizeof block);
  return levels == 0 ? block[7] : deep(levels - 1) + block[levels % 4096];
}

int main(void) {
  char *map = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  map[4096] = 7;
  printf("aligned %d zero %d\n", (uintptr_t)map % 4096 == 0, map[0]);
  printf("middle gone %d\n", munmap(map + 4096, 4096));
  printf("two left %d %d\n", map[0], map[8192]);
  map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  strcpy(map, "moved along");
  map = mremap(map, 4096, 1 << 20, MREMAP_MAYMOVE);
  map[(1 << 20) - 1] = 1;
  printf("%s\n", map);
  madvise(map, 4096, MADV_DONTNEED);
  printf("dropped %d\n", map[0]);
  printf("fixed %d\n", mmap((void *)0x30000000, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
                           (void *)0x30000000);
  printf("bad %d\n", FAILS(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), EINVAL));
  char *before = sbrk(0);
  sbrk(100000);
  before[99999] = 3;
  printf("brk %ld\n", (long)((char *)sbrk(0) - before));
  unsigned long sum = 0;
  for (int round = 0; round < 50; round++) {
    char *blocks[64];
    for (int i = 0; i < 64; i++) {
      size_t size = (size_t)1 << (i % 20);
      blocks[i] = malloc(size);
      memset(blocks[i], i, size);
    }
    for (int i = 0; i < 64; i++) sum += (unsigned char)blocks[i][0];
    for (int i = 0; i < 64; i++) free(blocks[i]);
  }
  printf("sum %lu\n", sum);
  printf("deep %d\n", deep(1500));
  return 0;
}
