// rewind.c: threads that race, input, a file, a recursion and the heap: to be taken back in time.
//
// Usage: rewind FILE. Appends to FILE, so that a second run of it would be seen there.

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int shared;
int typed;
int config = 7;
int quiet;
int *cell;
long clock_seen;
unsigned long ticks;

static void burn(int rounds) {
  for (volatile int n = 0; n < rounds; n++) continue;
}

static void *worker(void *name) {
  int step = *(int *)name;
  for (int n = 0; n < 40; n++) {
    shared = shared * 3 + step; // MARK shared
    ticks += __builtin_ia32_rdtsc();
    burn(step * 700 + n * 31);
    if (n % 8 == 0) usleep(20);
  }
  return NULL;
}

static int sum(int n) {
  int mine = n; // MARK mine
  if (n > 0) mine += sum(n - 1); // MARK added
  return mine; // MARK summed
}

static void spoil(int *where) {
  *where = typed; // MARK spoiled
}

static void note(FILE *file, const char *text) {
  fputs(text, file);
  fflush(file);
}

int main(int argc, char **argv) {
  FILE *file = fopen(argc > 1 ? argv[1] : "/dev/null", "a");
  note(file, "begun\n");
  char line[32] = "";
  if (fgets(line, sizeof line, stdin) != NULL) typed = atoi(line); // MARK typed
  printf("typed %d\n", typed);
  fflush(stdout);
  int one = 1, two = 2; // MARK start
  pthread_t left, right;
  pthread_create(&left, NULL, worker, &one);
  pthread_create(&right, NULL, worker, &two);
  pthread_join(left, NULL);
  pthread_join(right, NULL);
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  clock_seen = now.tv_sec * 1000000000 + now.tv_nsec;
  note(file, "joined\n");
  cell = malloc(sizeof *cell); // MARK allocated
  *cell = 5; // MARK first
  *cell = 6; // MARK second
  spoil(&config);
  int result = sum(4); // MARK called
  printf("config %d, sum %d, shared %d\n", config, result, shared);
  fflush(stdout);
  quiet = result; // MARK end
  free(cell); // MARK freed
  note(file, "ended\n");
  return 0;
}
