/* tree.c: a binary search tree of structures: recursive insertion, walk with a result by value. */
#include "kernel.h"
struct node { struct node *left, *right; unsigned key; unsigned count; };
struct sums { unsigned long total; unsigned long depth; };
static struct node nodes[4096];
static unsigned used;
static struct node *insert(struct node *tree, unsigned key) {
  if (tree == 0) {
    struct node *fresh = &nodes[used++];
    *fresh = (struct node){0, 0, key, 1};
    return fresh;
  }
  if (key == tree->key) tree->count++;
  else if (key < tree->key) tree->left = insert(tree->left, key);
  else tree->right = insert(tree->right, key);
  return tree;
}
static struct sums walk(const struct node *tree, unsigned long depth) {
  if (tree == 0) return (struct sums){0, depth};
  struct sums left = walk(tree->left, depth + 1), right = walk(tree->right, depth + 1);
  return (struct sums){left.total + right.total + tree->key * tree->count, left.depth > right.depth ? left.depth : right.depth};
}
static unsigned long kernel(long rounds) {
  unsigned long sum = 0;
  unsigned seed = 7;
  for (long r = 0; r < rounds; r++) {
    struct node *tree = 0;
    used = 0;
    for (int i = 0; i < 3000; i++) {
      seed = seed * 1664525 + 1013904223;
      tree = insert(tree, seed >> 18);
    }
    struct sums sums = walk(tree, 0);
    sum += sums.total + sums.depth;
  }
  return sum;
}
