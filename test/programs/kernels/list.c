/* list.c: linked lists: building, reversing, walking. */
#include "kernel.h"
struct node { struct node *next; long value; };
static struct node nodes[10000];
static unsigned long kernel(long rounds) {
  unsigned long sum = 0;
  for (long r = 0; r < rounds; r++) {
    struct node *list = 0;
    for (int i = 0; i < 10000; i++) {
      struct node *n = &nodes[(i * 7919) % 10000];
      n->value = i + r;
      n->next = list;
      list = n;
    }
    struct node *reversed = 0;
    while (list) {
      struct node *next = list->next;
      list->next = reversed;
      reversed = list;
      list = next;
    }
    for (struct node *n = reversed; n; n = n->next) sum = sum * 3 + (unsigned long)n->value;
  }
  return sum;
}
