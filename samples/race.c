// race.c: two tellers, one account. Who wrote last?
//
// The sample of `npm start`: four of its variables are watched, and every write of either thread is shown.

#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct account {
  int number;
  long balance;
};

struct account account = {7, 100};
int served[2];       /* customers, by teller */
int tellers_at_work; /* written without the lock: the race */
char mood[4] = "joy";

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *const names[2] = {"alice", "bob"};
static const char *moods[2] = {"joy", "sad"};

__attribute__((noinline)) static void deposit(long amount) {
  account.balance += amount;
}

__attribute__((noinline)) static void withdraw(long amount) {
  account.balance -= amount;
}

__attribute__((noinline)) static void serve(int teller) {
  pthread_mutex_lock(&lock);
  if (teller == 0)
    deposit(40);
  else
    withdraw(70);
  served[teller]++;
  memcpy(mood, moods[account.balance < 50], sizeof mood);
  pthread_mutex_unlock(&lock);
}

static void *work(void *argument) {
  int teller = *(const int *)argument;
  pthread_setname_np(pthread_self(), names[teller]);
  tellers_at_work++;
  for (int customer = 0; customer < 3; customer++) {
    serve(teller);
    usleep(1000); /* the next customer comes */
  }
  tellers_at_work--;
  return NULL;
}

int main(void) {
  static const int numbers[2] = {0, 1};
  pthread_t tellers[2];
  for (int i = 0; i < 2; i++)
    pthread_create(&tellers[i], NULL, work, (void *)&numbers[i]);
  for (int i = 0; i < 2; i++)
    pthread_join(tellers[i], NULL);
  printf("balance %ld, served %d and %d customers, mood: %s\n", account.balance, served[0], served[1], mood);
  return tellers_at_work;
}
