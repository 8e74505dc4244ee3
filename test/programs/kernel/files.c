// Files, directories, seeking, vectors, links, times, memory-mapped files, errors.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define FAILS(call, code) ((long)(call) == -1 && errno == (code))

static int byName(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

int main(void) {
  char directory[] = "/tmp/trapline-files-XXXXXX";
  if (mkdtemp(directory) == NULL) return 1;
  chdir(directory);
  int fd = open("a.txt", O_RDWR | O_CREAT | O_EXCL, 0640);
  printf("write %zd\n", write(fd, "hello, world\n", 13));
  printf("again %d\n", FAILS(open("a.txt", O_RDWR | O_CREAT | O_EXCL, 0640), EEXIST));
  printf("seek %ld\n", (long)lseek(fd, -6, SEEK_END));
  char text[64] = "";
  ssize_t got = read(fd, text, 20);
  printf("read %zd %s", got, text);
  struct iovec parts[2] = {{"ab", 2}, {"cde", 3}};
  printf("writev %zd\n", writev(fd, parts, 2));
  got = pread(fd, text, 5, 13);
  printf("pread %zd %.5s\n", got, text);
  struct stat st;
  fstat(fd, &st);
  printf("size %ld mode %o links %ld\n", (long)st.st_size, st.st_mode, (long)st.st_nlink);
  ftruncate(fd, 4096);
  char *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  memcpy(map, "HELLO", 5);
  munmap(map, 4096);
  pread(fd, text, 12, 0);
  printf("mapped %.12s\n", text);
  map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  map[0] = 'J';
  pread(fd, text, 12, 0);
  printf("private %c file %c\n", map[0], text[0]);
  int other = dup(fd);
  lseek(other, 3, SEEK_SET);
  printf("shared position %ld\n", (long)lseek(fd, 0, SEEK_CUR));
  close(fd);
  printf("closed %d\n", FAILS(read(fd, text, 1), EBADF));
  close(other);

  mkdir("sub", 0755);
  symlink("a.txt", "link");
  rename("a.txt", "sub/b.txt");
  printf("dangling %d\n", FAILS(stat("link", &st), ENOENT));
  lstat("link", &st);
  printf("link %d\n", S_ISLNK(st.st_mode));
  ssize_t length = readlink("link", text, sizeof text);
  printf("readlink %.*s\n", (int)length, text);
  printf("rmdir %d\n", FAILS(rmdir("sub"), ENOTEMPTY));
  printf("opened a directory for writing %d\n", FAILS(open("sub", O_WRONLY), EISDIR));
  DIR *dir = opendir(".");
  char *names[16];
  int count = 0;
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;) names[count++] = strdup(entry->d_name);
  closedir(dir);
  qsort(names, count, sizeof *names, byName);
  for (int i = 0; i < count; i++) printf("entry %s\n", names[i]);
  FILE *file = fopen("lines", "w+");
  for (int i = 0; i < 1000; i++) fprintf(file, "line %d\n", i);
  rewind(file);
  int lines = 0;
  while (fgets(text, sizeof text, file)) lines++;
  printf("lines %d last %s", lines, text);
  fclose(file);
  printf("cwd %d\n", strcmp(getcwd(text, sizeof text), directory));
  printf("exe %d\n", readlink("/proc/self/exe", text, sizeof text) > 0);
  printf("access %d %d\n", access("lines", R_OK | W_OK), access("nothing", F_OK));
  printf("bad pointer %d\n", FAILS(write(1, (void *)8, 4), EFAULT));
  unlink("lines"), unlink("link"), unlink("sub/b.txt");
  rmdir("sub");
  chdir("/");
  printf("removed %d\n", rmdir(directory));
  return 0;
}
