// watched.c: one of each kind of thing that a data breakpoint can be set on.
#include <pthread.h>
#include <stdio.h>

struct account {
  int number;
  long balance;
};

int counter = 41;
struct account savings = {7, 100};
int table[4] = {10, 20, 30, 40};

static void count(void) {
  counter = counter + 1; /* writes counter */
}

static void deposit(struct account *account, long amount) {
  account->balance += amount; /* writes savings.balance */
}

static void *worker(void *argument) {
  (void)argument;
  table[2] = 31; /* writes table[2] */
  return NULL;
}

int main(void) {
  pthread_t thread;
  int total = 5;
  puts("begin"); /* stop here */
  count();
  deposit(&savings, 50);
  pthread_create(&thread, NULL, worker, NULL);
  pthread_join(thread, NULL);
  total += counter; /* writes total */
  printf("total %d\n", total);
  return 3;
}
