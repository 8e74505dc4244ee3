// heap.c: blocks that are written, resized, freed and unmapped.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct node {
  long pad[4];
  int value;
};

struct node *node, *spare;
char *text;
int *page;

static void drop(struct node *victim) {
  free(victim); // MARK free
}

int main(void) {
  node = calloc(1, sizeof *node);
  text = malloc(64);
  page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  strcpy(text, "text");
  puts("start"); // MARK start
  node->value = 1;         // MARK one
  *page = 5;               // MARK page
  text = realloc(text, 48); // MARK cut
  text[2] = 'y';           // MARK same
  char *fence = malloc(64);
  text = realloc(text, 4000); // MARK grow
  text[2] = 'z';           // MARK moved
  munmap(page, 4096);      // MARK unmap
  page = mmap(page, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  *page = 6;               // MARK again
  drop(node);
  node = NULL;
  spare = calloc(1, sizeof *spare);
  spare->value = 2;        // MARK reused
  node = spare;
  node->value = 3;         // MARK three
  free(fence);
  puts(text);
  return 0;
}
