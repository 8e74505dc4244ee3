// Three runners pass a baton in a fixed order: whatever the scheduler does, each access comes from the same thread.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t passed = PTHREAD_COND_INITIALIZER;
int turn;  // Whose lap it is.
int laps;  // Written once a lap.
int looks; // Read once a lap.
int last;
int caught;
__thread int mine;

static void on_signal(int number) { caught = number; }

int lap(int runner) {
  int seen = looks;
  laps = laps + 1; // MARK lap
  mine = mine + 10 * runner;
  last = runner + seen;
  return laps;
}

static void *run(void *argument) {
  int runner = *(int *)argument;
  for (int round = 0; round < 2; round++) {
    pthread_mutex_lock(&lock);
    while (turn % 3 != runner) pthread_cond_wait(&passed, &lock);
    lap(runner); // MARK turn
    turn = turn + 1;
    pthread_cond_broadcast(&passed);
    pthread_mutex_unlock(&lock);
  }
  return NULL;
}

int main(void) {
  pthread_t threads[3];
  int numbers[3] = {0, 1, 2};
  signal(SIGUSR1, on_signal);
  for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, run, &numbers[i]);
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  raise(SIGUSR1);
  printf("%d %d %d\n", laps, last, caught); // MARK done
  return 0;
}
