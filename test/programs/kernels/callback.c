/* callback.c: quicksort of records with a comparison through a function pointer. */
#include "kernel.h"
struct record { unsigned key; unsigned weight; long payload; };
static struct record records[2000];
typedef int (*compare)(const struct record *, const struct record *);
static int by_key(const struct record *a, const struct record *b) { return a->key < b->key ? -1 : a->key > b->key; }
static int by_weight(const struct record *a, const struct record *b) { return (int)a->weight - (int)b->weight; }
static void swap(struct record *a, struct record *b) { struct record t = *a; *a = *b; *b = t; }
static void quicksort(struct record *first, long count, compare order) {
  while (count > 1) {
    struct record *left = first, *right = first + count - 1, pivot = first[count / 2];
    while (left <= right) {
      while (order(left, &pivot) < 0) left++;
      while (order(right, &pivot) > 0) right--;
      if (left <= right) swap(left++, right--);
    }
    quicksort(left, first + count - left, order);
    count = right - first + 1;
  }
}
static volatile compare orders[2] = {by_key, by_weight};
static unsigned long kernel(long rounds) {
  unsigned long sum = 0;
  unsigned seed = 1;
  for (long r = 0; r < rounds; r++) {
    for (int i = 0; i < 2000; i++) {
      seed = seed * 1664525 + 1013904223;
      records[i] = (struct record){seed >> 8, seed >> 20, i};
    }
    quicksort(records, 2000, orders[r & 1]);
    sum += (unsigned long)records[1000].payload * 3 + records[7].key;
  }
  return sum;
}
