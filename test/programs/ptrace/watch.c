// A debugger: data and execute breakpoints of a child by POKEUSER, DR6 and DR7, the slots, inheritance.
#include "tracer.h"
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>

static volatile long cell[4];
static __attribute__((noinline)) void touch(long value) { cell[0] = value; asm volatile("" ::: "memory"); }
static __attribute__((noinline)) long look(void) { return cell[1]; }

static void child(void) {
  ptrace(PTRACE_TRACEME, 0, 0, 0);
  raise(SIGSTOP);
  for (long i = 1; i <= 3; i++) touch(i);
  cell[3] = look();
  raise(SIGUSR2);
  pid_t pid = fork();
  if (pid == 0) {
    touch(9);
    _exit(4);
  }
  int status;
  waitpid(pid, &status, 0);
  cell[2] = WEXITSTATUS(status);
  _exit(cell[2]);
}

static long poke(pid_t pid, int n, unsigned long value) {
  errno = 0;
  ptrace(PTRACE_POKEUSER, pid, offsetof(struct user, u_debugreg) + 8 * n, value);
  return errno;
}

static unsigned long peek(pid_t pid, int n) {
  errno = 0;
  return ptrace(PTRACE_PEEKUSER, pid, offsetof(struct user, u_debugreg) + 8 * n, 0);
}

static int event(pid_t pid) {
  struct perf_event_attr attr;
  memset(&attr, 0, sizeof attr);
  attr.type = PERF_TYPE_BREAKPOINT;
  attr.size = sizeof attr;
  attr.bp_type = HW_BREAKPOINT_W;
  attr.bp_addr = (uintptr_t)&cell[2];
  attr.bp_len = HW_BREAKPOINT_LEN_8;
  attr.exclude_kernel = attr.exclude_hv = 1;
  return syscall(SYS_perf_event_open, &attr, pid, -1, -1, 0);
}

static void stop(pid_t pid) {
  ptrace(PTRACE_CONT, pid, 0, 0);
  int status = next(pid);
  if (!WIFSTOPPED(status)) {
    printf("%s\n", text(status));
    return;
  }
  struct user_regs_struct regs = registers(pid);
  long value = ptrace(PTRACE_PEEKDATA, pid, &cell[0], 0);
  printf("%s %s dr6 %lx cell %ld inside %d\n", text(status), siginfo(pid), peek(pid, 6), value,
         regs.rip - (unsigned long)touch < 32 || regs.rip - (unsigned long)look < 32);
}

int main(void) {
  pid_t pid = fork();
  if (pid == 0) child();
  printf("%s\n", text(next(pid)));
  printf("fresh %lx %lx %lx\n", peek(pid, 0), peek(pid, 6), peek(pid, 7));
  printf("addresses %ld %ld %ld %ld\n", poke(pid, 0, (uintptr_t)&cell[0]), poke(pid, 1, (uintptr_t)&cell[1]),
         poke(pid, 2, (uintptr_t)touch), poke(pid, 3, -1L));
  printf("four and five %ld %ld, eight %ld\n", poke(pid, 4, 1), poke(pid, 5, 1), poke(pid, 8, 1));
  printf("outside %d\n", ptrace(PTRACE_POKEUSER, pid, 928, 1) == -1 ? errno : 0);
  printf("crooked %d\n", ptrace(PTRACE_POKEUSER, pid, 4, 1) == -1 ? errno : 0);
  // W8 on 0, RW8 on 1, X on 2.
  printf("control %ld", poke(pid, 7, 0x00b90000 | 0x01 | 0x04 | 0x20));
  printf(" reads %lx\n", peek(pid, 7));
  printf("bad control %ld", poke(pid, 7, 0x00ba0000 | 0x05));
  printf(" reads %lx\n", peek(pid, 7));
  int four = event(pid), five = event(pid), second = errno;
  printf("perf event %d, another %d errno %d\n", four >= 0, five >= 0, five < 0 ? second : 0);
  for (int i = 0; i < 8; i++) stop(pid);
  printf("off %ld reads %lx keeps %d\n", poke(pid, 7, 0), peek(pid, 7), peek(pid, 0) == (uintptr_t)&cell[0]);
  poke(pid, 7, 0x10001);
  for (int i = 0; i < 2; i++) stop(pid);
  return 0;
}
