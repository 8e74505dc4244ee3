// Stops its debugger, and lets it go on when two threads have met their watchpoints.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

volatile int first, second;
static volatile int ids[2];
static volatile int go;

static void *work(void *which) {
  int mine = *(int *)which;
  ids[mine] = gettid();
  while (!go) usleep(100);
  if (mine == 0) first = 1;
  else second = 2;
  return NULL;
}

/* What the process's status says behind "name:". */
static void status(int id, const char *name, char *value) {
  char path[64], line[256];
  snprintf(path, sizeof path, "/proc/%d/status", id);
  FILE *file = fopen(path, "r");
  *value = 0;
  while (file && fgets(line, sizeof line, file))
    if (!strncmp(line, name, strlen(name))) sscanf(line + strlen(name), ":%31s", value);
  if (file) fclose(file);
}

static void await_state(int id, const char *state) {
  char value[32];
  do {
    usleep(1000);
    status(id, "State", value);
  } while (strcmp(value, state));
}

int main(void) {
  char value[32];
  int tracer = 0, numbers[2] = {0, 1};
  pthread_t threads[2];
  status(getpid(), "TracerPid", value);
  sscanf(value, "%d", &tracer);
  if (tracer != getppid()) return 9;
  for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, work, &numbers[i]);
  while (!ids[0] || !ids[1]) usleep(1000);
  kill(tracer, SIGSTOP);
  await_state(tracer, "T");
  go = 1;
  await_state(ids[0], "t");
  await_state(ids[1], "t");
  kill(tracer, SIGCONT);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
  return first + second;
}
