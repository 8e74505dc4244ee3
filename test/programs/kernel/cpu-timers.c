// cpu-timers.c: setitimer's timers that count what the process runs, not what it sleeps.

#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

static volatile int expired;
static void onExpiry(int number) { expired += number > 0; }

int main(void) {
  const int kinds[] = {ITIMER_VIRTUAL, ITIMER_PROF}, numbers[] = {SIGVTALRM, SIGPROF};
  for (int i = 0; i < 2; i++) {
    struct itimerval often = {{0, 1000}, {0, 1000}}, none = {{0, 0}, {0, 0}}, old;
    expired = 0;
    signal(numbers[i], onExpiry);
    setitimer(kinds[i], &often, NULL);
    usleep(50000);
    printf("asleep: %d, ", expired);
    while (expired < 3) {
    }
    setitimer(kinds[i], &none, &old);
    printf("interval %ld, left %d\n", (long)old.it_interval.tv_usec, old.it_value.tv_usec > 0);
  }
  return 0;
}
