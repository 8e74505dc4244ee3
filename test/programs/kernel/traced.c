// The symbol tracer's files, used by the program that is traced. Prints each answer.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

volatile int counter;
volatile int odd[3];

static const char *directory;

static int opened(const char *name, int flags) {
  char path[128];
  snprintf(path, sizeof path, "%s/%s", directory, name);
  return open(path, flags);
}

static void show(const char *name) {
  char text[4096];
  int fd = opened(name, O_RDONLY);
  ssize_t got = read(fd, text, sizeof text - 1);
  close(fd);
  text[got < 0 ? 0 : got] = 0;
  printf("%s: %s", name, got < 0 ? strerror(errno) : text);
}

static void put(const char *name, const char *text) {
  int fd = opened(name, O_WRONLY);
  ssize_t done = fd < 0 ? -1 : write(fd, text, strlen(text));
  printf("%s <- %s: %s\n", name, text, done < 0 ? strerror(errno) : "ok");
  if (fd >= 0) close(fd);
}

static void touch(void) {
  if (counter == 0) counter++;
}

int main(int argc, char **argv) {
  directory = argc > 1 ? argv[1] : "/sys/kernel/tracing";
  show("available_tracers");
  show("current_tracer");
  put("current_tracer", "nobody");
  put("current_tracer", "ksym_tracer");
  put("ksym_trace_filter", "counter:rw-");
  put("ksym_trace_filter", "counter:rw-");
  put("ksym_trace_filter", "nothing:rw-");
  put("ksym_trace_filter", "odd:r--");
  put("ksym_trace_filter", "odd:-w-");
  show("ksym_trace_filter");
  touch();
  odd[0] = 1;
  show("trace");
  show("ksym_profile");
  put("ksym_profile", "0");
  put("tracing_on", "0");
  counter++;
  show("tracing_on");
  put("tracing_on", "1");

  int pipe = opened("trace_pipe", O_RDONLY | O_NONBLOCK);
  char text[1024];
  ssize_t got = read(pipe, text, sizeof text);
  printf("trace_pipe: %d lines\n", (int)(got > 0) + (int)(got > 0 && memchr(text, '\n', got - 1) != NULL));
  printf("again: %s\n", read(pipe, text, sizeof text) < 0 ? strerror(errno) : "more");
  counter = 5;
  struct pollfd wanted = {.fd = pipe, .events = POLLIN};
  printf("poll: %d\n", poll(&wanted, 1, 0));

  put("ksym_trace_filter", "*:---");
  show("ksym_trace_filter");
  put("current_tracer", "nop");
  show("trace");
  printf("access: %d %d\n", access("/sys/kernel/tracing/trace", R_OK), access("/sys/kernel/tracing/ksym_profile", W_OK));
  return 0;
}
