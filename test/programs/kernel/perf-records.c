// What perf events write into their rings, and what they refuse: records of mappings, names, threads and switches, stacks in
// samples, settings, limits. Addresses and ids differ from run to run: only what does not is printed.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define RW (PROT_READ | PROT_WRITE)

static volatile long watched;

static struct perf_event_attr breakpoint(void) {
  struct perf_event_attr attributes = {.type = PERF_TYPE_BREAKPOINT, .size = sizeof attributes};
  attributes.bp_type = HW_BREAKPOINT_W;
  attributes.bp_addr = (uintptr_t)&watched;
  attributes.bp_len = 8;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  attributes.sample_period = 1;
  return attributes;
}

/** What a call answered, and its errno. */
static void said(const char *format, long value, const char *end) {
  int error = errno;
  printf(format, (int)value);
  printf(" %s%s", strerror(error), end);
}

static int openEvent(struct perf_event_attr *attributes) {
  return (int)syscall(SYS_perf_event_open, attributes, 0, -1, -1, 0);
}

static struct perf_event_mmap_page *ring(int fd, int pages) {
  void *at = mmap(NULL, (size_t)(1 + pages) * PAGE, RW, MAP_SHARED, fd, 0);
  return at == MAP_FAILED ? NULL : at;
}

typedef void Visit(const struct perf_event_header *header, const uint64_t *body);

static int visit(struct perf_event_mmap_page *page, Visit *body) {
  uint64_t head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE), tail = page->data_tail;
  int count = 0;
  static uint64_t record[8192];
  for (; tail < head; count++) {
    const char *data = (char *)page + page->data_offset;
    struct perf_event_header header;
    for (size_t i = 0; i < sizeof header; i++) ((char *)&header)[i] = data[(tail + i) % page->data_size];
    for (size_t i = 0; i < header.size; i++) ((char *)record)[i] = data[(tail + i) % page->data_size];
    if (body != NULL) body(&header, record + 1);
    tail += header.size;
  }
  __atomic_store_n(&page->data_tail, tail, __ATOMIC_RELEASE);
  return count;
}

static const char *base(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

static int ofMain(uint64_t word) { return (uint32_t)word == (uint32_t)getpid() && word >> 32 == (uint32_t)getpid(); }

static void showSide(const struct perf_event_header *header, const uint64_t *body) {
  printf("  type %u misc %x size %u", header->type, header->misc, header->size);
  switch (header->type) {
    case PERF_RECORD_MMAP:
      printf(" main %d length %lx offset %d name %s", ofMain(body[0]), body[2], body[3] == body[1], base((char *)(body + 4)));
      break;
    case PERF_RECORD_MMAP2:
      printf(" main %d length %lx prot %x flags %x name %s", ofMain(body[0]), body[2], (uint32_t)body[7], (uint32_t)(body[7] >> 32),
             base((char *)(body + 8)));
      break;
    case PERF_RECORD_COMM:
      printf(" main %d name %s", ofMain(body[0]), (char *)(body + 1));
      break;
    case PERF_RECORD_FORK:
    case PERF_RECORD_EXIT:
      printf(" pid %d parent %d", (uint32_t)body[0] == (uint32_t)getpid(), body[0] >> 32 == (uint32_t)getpid());
      break;
  }
  printf("\n");
}

static void *nothing(void *unused) { return unused; }

static void sideBand(int mmap2) {
  printf("side band, mmap2 %d\n", mmap2);
  struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE, .size = sizeof attributes, .config = PERF_COUNT_SW_DUMMY};
  attributes.mmap = 1;
  attributes.mmap2 = mmap2;
  attributes.mmap_data = 1;
  attributes.comm = 1;
  attributes.task = 1;
  attributes.sample_id_all = 1;
  attributes.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU;
  attributes.exclude_kernel = 1;
  int fd = openEvent(&attributes);
  struct perf_event_mmap_page *page = ring(fd, 8);
  visit(page, NULL);
  char *code = mmap(NULL, 3 * PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int self = open("/proc/self/exe", O_RDONLY);
  char *file = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, self, 0);
  mprotect(file, PAGE, PROT_READ | PROT_EXEC);
  char *shared = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  prctl(PR_SET_NAME, "another name");
  pid_t child = fork();
  if (child == 0) _exit(0);
  waitpid(child, NULL, 0);
  munmap(code, 3 * PAGE);
  munmap(file, PAGE);
  munmap(shared, PAGE);
  close(self);
  visit(page, showSide);
  munmap(page, 9 * PAGE);
  close(fd);
}

static int switchesIn, switchesOut;

static void countSwitch(const struct perf_event_header *header, const uint64_t *body) {
  (void)body;
  if (header->type != PERF_RECORD_SWITCH) return;
  if (header->misc & PERF_RECORD_MISC_SWITCH_OUT) switchesOut++;
  else switchesIn++;
}

static void switches(void) {
  struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE, .size = sizeof attributes, .config = PERF_COUNT_SW_DUMMY};
  attributes.context_switch = 1;
  attributes.exclude_kernel = 1;
  int fd = openEvent(&attributes);
  struct perf_event_mmap_page *page = ring(fd, 8);
  for (int i = 0; i < 5; i++) usleep(1000);
  visit(page, countSwitch);
  printf("switches: %d %d\n", switchesIn >= 5, switchesOut >= 5);
  munmap(page, 9 * PAGE);
  close(fd);
}

static int outermost(int);
static int middle(int);
static int innermost(int);
static __attribute__((noinline)) int innermost(int value) {
  watched = value;
  return value + (int)watched;
}
static __attribute__((noinline)) int middle(int value) { return innermost(value) * 3; }
static __attribute__((noinline)) int outermost(int value) { return middle(value) * 5; }

static uintptr_t mark;
static int wantedDepth;

static void showChain(const struct perf_event_header *header, const uint64_t *body) {
  printf("  type %u misc %u entries %d:", header->type, header->misc & 7, body[0] > 4 ? 5 : (int)body[0]);
  int functions = 0;
  const uintptr_t starts[] = {(uintptr_t)innermost, (uintptr_t)middle, (uintptr_t)outermost};
  for (uint64_t i = 0; i < body[0] && i < 5; i++) {
    uint64_t address = body[1 + i];
    const char *name = address == (uint64_t)PERF_CONTEXT_USER ? "user" : "?";
    const char *names[] = {"innermost", "middle", "outermost"};
    for (int k = 0; k < 3; k++)
      if (address > starts[k] && address < starts[k] + 48) name = names[k];
    printf(" %s", name);
    functions++;
  }
  printf("\n");
  (void)functions;
}

static void showStack(const struct perf_event_header *header, const uint64_t *body) {
  // abi, three registers, stack size, stack, how much of it is real
  uint64_t size = body[4];
  const char *stack = (const char *)(body + 5);
  uint64_t real = *(const uint64_t *)(stack + size);
  int found = 0;
  for (uint64_t i = 0; i + 8 <= real; i += 8) found |= *(const uint64_t *)(stack + i) == 0x5ca1ab1e5ca1ab1eu;
  printf("  size %u abi %lu stack %lu real %lu found %d sp %d\n", header->size, body[0], size, real, found,
         body[2] < (uintptr_t)mark && body[2] > (uintptr_t)mark - 4096);
}

static void samples(void) {
  struct perf_event_attr attributes = breakpoint();
  attributes.sample_type = PERF_SAMPLE_CALLCHAIN;
  int fd = openEvent(&attributes);
  struct perf_event_mmap_page *page = ring(fd, 2);
  outermost(7);
  visit(page, showChain);
  munmap(page, 3 * PAGE);
  close(fd);
  attributes.sample_max_stack = 2;
  fd = openEvent(&attributes);
  page = ring(fd, 2);
  outermost(7);
  visit(page, showChain);
  munmap(page, 3 * PAGE);
  close(fd);
  attributes.sample_max_stack = 128;
  said("too deep: %d", openEvent(&attributes), "\n");
  attributes.sample_max_stack = 0;
  attributes.sample_type = PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER;
  attributes.sample_regs_user = 1 << 6 | 1 << 7 | 1 << 8;
  attributes.sample_stack_user = 1024;
  fd = openEvent(&attributes);
  page = ring(fd, 2);
  volatile uint64_t onStack = 0x5ca1ab1e5ca1ab1eu;
  mark = (uintptr_t)__builtin_frame_address(0) + 64;
  outermost((int)(onStack >> 60));
  visit(page, showStack);
  munmap(page, 3 * PAGE);
  close(fd);
  wantedDepth++;
}

static void pieces(void) {
  struct perf_event_attr attributes = breakpoint();
  int fd = openEvent(&attributes);
  struct perf_event_mmap_page *page = ring(fd, 2);
  char *at = (char *)page;
  said("part unmapped %d", munmap(at + PAGE, PAGE), "\n");
  printf("part mapped over %d\n", mmap(at, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED);
  printf("grown %d\n", mremap(at, 3 * PAGE, 4 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED);
  said("other size %d", ring(fd, 4) == NULL, "\n");
  said("not a power of two %d", ring(fd, 3) == NULL, "\n");
  struct perf_event_mmap_page *again = ring(fd, 2);
  watched = 1;
  printf("twice %d\n", again != NULL && again->data_head == page->data_head && page->data_head > 0);
  munmap(again, 3 * PAGE);
  char *place = mmap(NULL, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  page = mremap(page, 3 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, place);
  watched = 2;
  printf("moved %d records %d\n", (char *)page == place, visit(page, NULL));
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    unsigned char there;
    _exit(mincore(page, PAGE, &there) == 0 ? 1 : errno == ENOMEM ? 2 : 3);
  }
  int status;
  waitpid(child, &status, 0);
  printf("in the child %d\n", WEXITSTATUS(status));
  munmap(page, 3 * PAGE);
  close(fd);
}

static void readSetting(const char *name) {
  char path[100], text[32] = "";
  snprintf(path, sizeof path, "/proc/sys/kernel/%s", name);
  int fd = open(path, O_RDONLY);
  ssize_t length = read(fd, text, sizeof text - 1);
  printf("%s %zd %s", name, length, text);
  close(fd);
}

static void wakeUps(void) {
  struct perf_event_attr attributes = breakpoint();
  attributes.wakeup_events = 3;
  int fd = openEvent(&attributes);
  struct pollfd wait = {.fd = fd, .events = POLLIN};
  printf("no ring %d", poll(&wait, 1, 0));
  printf(" %x\n", (unsigned)wait.revents);
  struct perf_event_mmap_page *page = ring(fd, 1);
  for (int i = 0; i < 7; i++) {
    watched = i;
    printf("%d", poll(&wait, 1, 0));
  }
  ioctl(fd, PERF_EVENT_IOC_DISABLE, 0);
  printf("\nrefresh %d", ioctl(fd, PERF_EVENT_IOC_REFRESH, 2));
  for (int i = 0; i < 3; i++) watched = i;
  uint64_t count = 0;
  printf(" read %zd", read(fd, &count, sizeof count));
  printf(" %lu records %d\n", count, visit(page, NULL));
  printf("paused %d", ioctl(fd, PERF_EVENT_IOC_PAUSE_OUTPUT, 1));
  said(" filter %d", ioctl(fd, PERF_EVENT_IOC_SET_FILTER, "x"), "\n");
  said("output to a bad one %d", ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, 777), "\n");
  said("unknown %d", ioctl(fd, 0x24ff, 0), "\n");
  munmap(page, 2 * PAGE);
  close(fd);
}

static void groups(void) {
  struct perf_event_attr attributes = breakpoint();
  attributes.sample_period = 0;
  attributes.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_ID | PERF_FORMAT_LOST;
  attributes.disabled = 1;
  int leader = openEvent(&attributes);
  attributes.disabled = 0;
  attributes.bp_type = HW_BREAKPOINT_RW;
  int sibling = (int)syscall(SYS_perf_event_open, &attributes, 0, -1, leader, PERF_FLAG_FD_CLOEXEC);
  watched = 1;
  ioctl(leader, PERF_EVENT_IOC_ENABLE, PERF_IOC_FLAG_GROUP);
  watched = 2;
  long seen = watched;
  uint64_t values[16] = {0}, id = 0;
  ssize_t length = read(leader, values, sizeof values);
  ioctl(sibling, PERF_EVENT_IOC_ID, &id);
  printf("group %zd: %lu, %lu lost %lu, %lu lost %lu, id %d, %ld\n", length, values[0], values[1], values[3], values[4], values[6],
         values[5] == id, seen);
  said("short %d", read(leader, values, 8), "\n");
  close(sibling);
  close(leader);
}

// Last: it gives up privilege.
static void unprivileged(void) {
  struct rlimit limit = {64 * 1024, 64 * 1024};
  setrlimit(RLIMIT_MEMLOCK, &limit);
  int ends[2];
  if (pipe(ends) != 0) exit(1);
  pid_t privileged = fork();
  if (privileged == 0) {
    char byte;
    close(ends[1]);
    _exit((int)read(ends[0], &byte, 1));
  }
  printf("uid %d", setresuid(65534, 65534, 65534));
  printf(" %d,", getuid() == 65534);
  said(" back %d", setuid(0), "\n");
  struct perf_event_attr attributes = breakpoint();
  int fd = openEvent(&attributes);
  printf("own %d", fd >= 0);
  printf(" 256 pages %d", ring(fd, 256) == NULL);
  printf(" %s", strerror(errno));
  struct perf_event_mmap_page *page = ring(fd, 128);
  printf(" 128 pages %d\n", page != NULL);
  int other = openEvent(&attributes);
  printf("another 128 %d", ring(other, 128) != NULL);
  int third = openEvent(&attributes);
  said(" third 64 %d", ring(third, 64) == NULL, "");
  printf(" third 8 %d\n", ring(third, 8) != NULL);
  attributes.exclude_kernel = 0;
  said("kernel %d", openEvent(&attributes), "\n");
  attributes.exclude_kernel = 1;
  said("cpu %d", syscall(SYS_perf_event_open, &attributes, -1, 0, -1, 0), "\n");
  said("of root %d", syscall(SYS_perf_event_open, &attributes, privileged, -1, -1, 0), "\n");
  close(ends[1]);
  printf("waited %d\n", waitpid(privileged, NULL, 0) == privileged);
  said("paranoid %d", open("/proc/sys/kernel/perf_event_paranoid", O_WRONLY), "\n");
}

int main(void) {
  sideBand(0);
  sideBand(1);
  switches();
  samples();
  pieces();
  wakeUps();
  groups();
  readSetting("perf_event_paranoid");
  readSetting("perf_event_mlock_kb");
  readSetting("perf_event_max_stack");
  readSetting("perf_event_max_contexts_per_stack");
  readSetting("perf_event_max_sample_rate");
  readSetting("perf_cpu_time_max_percent");
  fflush(stdout);
  unprivileged();
  pthread_t unused;
  if (wantedDepth < 0) pthread_create(&unused, NULL, nothing, NULL);
  return 0;
}
