// The kernel writes to the program's variable, twice.
#include <fcntl.h>
#include <unistd.h>

long filled = 1;

static void fill(int fd) {
  if (read(fd, &filled, sizeof filled) != sizeof filled) _exit(1); // MARK read
}

int main(void) {
  int fd = open("/dev/zero", O_RDONLY);
  fill(fd);
  fill(fd);
  return filled != 0;
}
