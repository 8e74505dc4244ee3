// guarded.c: what a .watch file guards: a queue, a table that must stay, statistics, a thread with a name.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct node {
  int key;
  struct node *next;
};

struct queue {
  struct node *head;
  unsigned open : 1, mode : 5;
  char name[12];
};

struct __attribute__((packed)) record {
  char kind;
  long amount;
};

struct queue queue;
struct queue *cfg;
struct record record;
int config_table[4] = {1, 2, 3, 4};
int grid[100];
int sensors[6];
static long total;
_Thread_local int own;

static void reload(int index, int value) {
  config_table[index] = value; // MARK never
}

static int sum(int count) {
  int result = 0;
  for (int i = 0; i < count; i++)
    result += i; // MARK local
  return result;
}

static void *work(void *argument) {
  pthread_setname_np(pthread_self(), "worker");
  for (int i = 0; i < 5; i++)
    sensors[0]++; // MARK worker
  return argument;
}

int main(int argc, char **argv) {
  pthread_t thread;
  struct node node = {7, NULL};
  cfg = &queue;
  queue.head = &node;
  queue.open = 1;
  record.amount = 3;
  for (int i = 0; i < 10; i++)
    total += i; // MARK total
  sensors[0] = 1;
  pthread_create(&thread, NULL, work, NULL);
  pthread_join(thread, NULL);
  own = sum(3) + sum(4);
  printf("total %ld, sensors %d\n", total, sensors[0]);
  fflush(stdout);
  if (argc > 1 && strcmp(argv[1], "reload") == 0)
    reload(2, 7);
  if (argc > 1 && strcmp(argv[1], "crash") == 0)
    raise(SIGSEGV);
  if (argc > 1 && strcmp(argv[1], "hang") == 0)
    for (;;)
      pause();
  if (argc > 1 && strcmp(argv[1], "echo") == 0) {
    char text[64];
    ssize_t got = read(0, text, sizeof text);
    fwrite(text, 1, got < 0 ? 0 : (size_t)got, stdout);
  }
  return argc > 2 ? atoi(argv[2]) : 0;
}
