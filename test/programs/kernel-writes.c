// kernel-writes.c: the kernel writes to the program's variables: by read, pipe, a blocked read, and reads one by write.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

char buffer[64] = "before";
int ends[2];
struct timespec now;
int slow;

static void fill(int fd) {
  if (read(fd, buffer, sizeof buffer) < 0) // MARK read
    exit(1);
}

static void *feed(void *fd) {
  usleep(1000);
  int value = 7;
  if (write(*(int *)fd, &value, sizeof value) != sizeof value)
    exit(1);
  return NULL;
}

int main(void) {
  puts("start"); // MARK start
  if (pipe(ends) != 0) // MARK pipe
    return 1;
  if (write(ends[1], "after the pipe", 15) != 15)
    return 1;
  fill(ends[0]);
  pthread_t feeder;
  pthread_create(&feeder, NULL, feed, &ends[1]);
  if (read(ends[0], &slow, sizeof slow) != sizeof slow) // MARK slow
    return 1;
  pthread_join(feeder, NULL);
  if (write(ends[1], &slow, sizeof slow) != sizeof slow) // MARK write
    return 1;
  printf("%s %d\n", buffer, slow);
  return 0;
}
