// calls.c: calls of one function that are under way at the same time: in a recursion, and in several threads.
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

static jmp_buf back;
static pthread_barrier_t both;
int level_reached;

static int sum(int n) {
  int partial = n; // MARK sum
  if (n > 0)
    partial += sum(n - 1); // MARK added
  return partial; // MARK summed
}

static void *meet(void *steps) {
  int own = 0; // MARK meet
  pthread_barrier_wait(&both);
  for (int i = 0; i < *(int *)steps; i++)
    own += 2; // MARK step
  pthread_barrier_wait(&both);
  if (own > 4)
    pthread_exit(NULL); // MARK exit
  return NULL;
}

static void give(int *where) {
  *where = 77; // MARK given
}

static void *giver(void *where) {
  give(where);
  return NULL;
}

static int lend(void) {
  int lent = 1; // MARK lend
  pthread_t thread;
  pthread_create(&thread, NULL, giver, &lent);
  pthread_join(thread, NULL);
  return lent;
}

static void deep(int level) {
  int mine = level; // MARK deep
  mine++;
  level_reached = mine; // MARK mine
  if (level == 2)
    longjmp(back, 1); // MARK jump
  deep(level + 1);
  printf("never %d\n", mine);
}

static int often(int n) {
  int seen = n;
  return seen + 1;
}

int main(int argc, char **argv) {
  int depth = argc > 1 ? atoi(argv[1]) : 2;
  int calls = argc > 2 ? atoi(argv[2]) : 0;
  int total = 0; // MARK start
  for (int i = 0; i < calls; i++)
    total += often(i);
  total += sum(depth); // MARK called
  printf("sum %d\n", total);
  int steps[] = {2, 3};
  pthread_t threads[2];
  pthread_barrier_init(&both, NULL, 2);
  for (int i = 0; i < 2; i++)
    pthread_create(&threads[i], NULL, meet, &steps[i]);
  for (int i = 0; i < 2; i++)
    pthread_join(threads[i], NULL);
  printf("lent %d\n", lend()); // MARK joined
  if (setjmp(back) == 0)
    deep(0);
  return 0; // MARK end
}
