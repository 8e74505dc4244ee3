// Attaching to running and sleeping processes; registers, memory, signals; who may; what the tracer's death does.
#include "tracer.h"
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <time.h>

static volatile long spins;
static volatile long shared_word = 41;
static const long constant = 77;

static int tracerOf(pid_t pid) {
  char path[40], line[100];
  int tracer = -1;
  sprintf(path, "/proc/%d/status", pid);
  FILE *file = fopen(path, "r");
  while (fgets(line, sizeof line, file)) sscanf(line, "TracerPid: %d", &tracer);
  fclose(file);
  return tracer;
}

static void spinner(void) {
  int fds[2];
  pipe(fds);
  pid_t pid = fork();
  if (pid == 0) {
    spins++;
    write(fds[1], "x", 1);
    for (;;) spins++;
  }
  char byte;
  read(fds[0], &byte, 1);
  printf("not traced %d\n", tracerOf(pid) == 0);
  TRY(ptrace(PTRACE_PEEKDATA, pid, &spins, 0));
  TRY(ptrace(PTRACE_ATTACH, pid, 0, 0));
  siginfo_t info;
  memset(&info, 0, sizeof info);
  printf("waitid %d", waitid(P_PID, pid, &info, WSTOPPED | WNOWAIT));
  printf(" code %d status %d signo %d mine %d\n", info.si_code, info.si_status, info.si_signo, info.si_pid == pid);
  printf("%s", text(next(pid)));
  printf(" %s tracer %d\n", siginfo(pid), tracerOf(pid) == getpid());
  printf("spun %d\n", ptrace(PTRACE_PEEKDATA, pid, &spins, 0) > 0);
  TRY(ptrace(PTRACE_POKEDATA, pid, &shared_word, 42));
  TRY(ptrace(PTRACE_POKETEXT, pid, &constant, 78));
  printf("words %ld %ld, own %ld\n", ptrace(PTRACE_PEEKDATA, pid, &shared_word, 0),
         ptrace(PTRACE_PEEKTEXT, pid, &constant, 0), shared_word);
  TRY(ptrace(PTRACE_PEEKDATA, pid, 16, 0));
  TRY(ptrace(PTRACE_POKEDATA, pid, -8L, 0));
  TRY(ptrace(PTRACE_ATTACH, pid, 0, 0));
  TRY(ptrace(PTRACE_CONT, pid, 0, 65));
  TRY(ptrace(99, pid, 0, 0));
  TRY(ptrace(PTRACE_SETOPTIONS, pid, 0, 1 << 19));
  TRY(ptrace(PTRACE_GETREGS, pid, 0, 16));
  TRY(ptrace(PTRACE_INTERRUPT, pid, 0, 0));

  struct user_regs_struct regs = registers(pid), sets;
  struct iovec vector = {&sets, sizeof sets + 64};
  TRY(ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &vector));
  printf("same %d length %zu segments %llx %llx %llx\n", memcmp(&regs, &sets, sizeof regs) == 0, vector.iov_len,
         regs.cs, regs.ss, regs.ds);
  vector.iov_len = 12;
  TRY(ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &vector));
  vector.iov_len = 16;
  TRY(ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &vector));
  printf("length %zu\n", vector.iov_len);
  TRY(ptrace(PTRACE_GETREGSET, pid, 0x7777, &vector));
  regs.r15 = 0x1234567890abcdef;
  regs.eflags |= 1 | 0x200000;
  TRY(ptrace(PTRACE_SETREGS, pid, 0, &regs));
  sets = registers(pid);
  printf("r15 %llx flags changed %llx\n", sets.r15, (sets.eflags ^ regs.eflags) & 0x200001);
  struct user_fpregs_struct fp;
  TRY(ptrace(PTRACE_GETFPREGS, pid, 0, &fp));
  fp.xmm_space[7] = 0x55aa;
  TRY(ptrace(PTRACE_SETFPREGS, pid, 0, &fp));
  memset(&fp, 0, sizeof fp);
  vector.iov_base = &fp, vector.iov_len = sizeof fp;
  TRY(ptrace(PTRACE_GETREGSET, pid, NT_PRFPREG, &vector));
  printf("xmm %x cwd %x mxcsr %x\n", fp.xmm_space[7], fp.cwd, fp.mxcsr);
  fp.mxcsr = 0x10000;
  TRY(ptrace(PTRACE_SETFPREGS, pid, 0, &fp));
  TRY(ptrace(PTRACE_POKEUSER, pid, offsetof(struct user, regs.cs), 0));
  TRY(ptrace(PTRACE_POKEUSER, pid, offsetof(struct user, regs.fs_base), -1L));
  TRY(ptrace(PTRACE_POKEUSER, pid, offsetof(struct user, regs.ds), 0x10));

  long local[2] = {0, 0};
  struct iovec to[2] = {{&local[0], 8}, {&local[1], 8}}, from = {(void *)&shared_word, 16};
  TRY(process_vm_readv(pid, to, 1, &from, 1, 0));
  printf("read %ld\n", local[0]);
  struct iovec bad = {(void *)16, 8};
  TRY(process_vm_readv(pid, to, 1, &bad, 1, 0));
  TRY(process_vm_readv(999999, to, 1, &from, 1, 0));
  TRY(process_vm_readv(pid, to, 1, &from, 1, 1));
  struct iovec readOnly = {(void *)&constant, 8};
  TRY(process_vm_writev(pid, to, 1, &readOnly, 1, 0));
  char path[40];
  sprintf(path, "/proc/%d/mem", pid);
  int mem = open(path, O_RDWR);
  long seen = 0;
  TRY(pread(mem, &seen, 8, (off_t)(uintptr_t)&shared_word));
  printf("seen %ld\n", seen++);
  TRY(pwrite(mem, &seen, 8, (off_t)(uintptr_t)&shared_word));
  printf("now %ld\n", ptrace(PTRACE_PEEKDATA, pid, &shared_word, 0));
  close(mem);

  unsigned long mask = 0;
  TRY(ptrace(PTRACE_GETSIGMASK, pid, 4, &mask));
  TRY(ptrace(PTRACE_GETSIGMASK, pid, 8, &mask));
  unsigned long wanted = -1L;
  TRY(ptrace(PTRACE_SETSIGMASK, pid, 8, &wanted));
  ptrace(PTRACE_GETSIGMASK, pid, 8, &mask);
  printf("mask %lx\n", mask);
  sigqueue(pid, SIGUSR1, (union sigval){.sival_int = 7});
  sigqueue(pid, SIGRTMIN, (union sigval){.sival_int = 8});
  struct { unsigned long off; unsigned flags; int nr; } peek = {0, 1, 4};
  siginfo_t infos[4];
  memset(infos, 0, sizeof infos);
  TRY(ptrace(PTRACE_PEEKSIGINFO, pid, &peek, infos));
  printf("pending %d %d, %d %d\n", infos[0].si_signo, infos[0].si_int, infos[1].si_signo, infos[1].si_int);
  wanted = 0;
  ptrace(PTRACE_SETSIGMASK, pid, 8, &wanted);
  ptrace(PTRACE_CONT, pid, 0, 0);
  printf("%s", text(next(pid)));
  printf(" %s\n", siginfo(pid));
  infos[0].si_signo = SIGUSR2;
  TRY(ptrace(PTRACE_SETSIGINFO, pid, 0, &infos[0]));
  ptrace(PTRACE_CONT, pid, 0, 0);
  printf("%s", text(next(pid)));
  printf(" %s\n", siginfo(pid));
  TRY(ptrace(PTRACE_KILL, pid, 0, 0));
  printf("%s\n", text(next(pid)));
  TRY(ptrace(PTRACE_CONT, pid, 0, 0));
}

static long since(struct timespec *start) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (now.tv_sec - start->tv_sec) * 1000 + (now.tv_nsec - start->tv_nsec) / 1000000;
}

// A sleep that a tracer breaks off goes on with what was left.
static void napper(void) {
  struct timespec start;
  clock_gettime(CLOCK_MONOTONIC, &start);
  pid_t pid = fork();
  if (pid == 0) {
    struct timespec nap = {1, 0};
    int rc = nanosleep(&nap, &nap);
    _exit(rc == 0 ? 11 : errno);
  }
  usleep(300000);
  ptrace(PTRACE_ATTACH, pid, 0, 0);
  printf("%s", text(next(pid)));
  struct user_regs_struct regs = registers(pid);
  printf(" orig %d rax %lld\n", regs.orig_rax == SYS_clock_nanosleep, (long long)regs.rax);
  ptrace(PTRACE_SYSCALL, pid, 0, 0);
  printf("%s", text(next(pid)));
  regs = registers(pid);
  printf(" orig %lld rax %lld\n", (long long)regs.orig_rax, (long long)regs.rax);
  ptrace(PTRACE_DETACH, pid, 0, 0);
  int status = next(pid);
  printf("%s in time %d\n", text(status), since(&start) >= 995);
}

static void deadTracer(long options) {
  int fds[2];
  pipe(fds);
  pid_t pid = fork();
  if (pid == 0)
    for (;;) pause();
  pid_t tracer = fork();
  if (tracer == 0) {
    ptrace(PTRACE_ATTACH, pid, 0, 0);
    int status;
    waitpid(pid, &status, __WALL);
    ptrace(PTRACE_SETOPTIONS, pid, 0, options);
    write(fds[1], "x", 1);
    pause();
  }
  char byte;
  read(fds[0], &byte, 1);
  printf("traced by the other %d\n", tracerOf(pid) == tracer);
  TRY(ptrace(PTRACE_ATTACH, pid, 0, 0));
  TRY(ptrace(PTRACE_CONT, pid, 0, 0));
  int status;
  printf("no news %d\n", waitpid(pid, &status, WNOHANG | WUNTRACED) == 0);
  kill(tracer, SIGKILL);
  printf("%s\n", text(next(tracer)));
  if (options) {
    printf("%s\n", text(next(pid)));
    return;
  }
  usleep(200000);
  printf("lives on %d\n", waitpid(pid, &status, WNOHANG) == 0 && tracerOf(pid) == 0);
  kill(pid, SIGTERM);
  printf("%s\n", text(next(pid)));
}

// A tracer that is not the parent reaps first, then the parent.
static void stranger(void) {
  int fds[2];
  pipe(fds);
  pid_t pid = fork();
  if (pid == 0) {
    char byte;
    close(fds[1]);
    read(fds[0], &byte, 1);
    _exit(9);
  }
  pid_t tracer = fork();
  if (tracer == 0) {
    close(fds[1]);
    ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACEEXIT);
    kill(getppid(), SIGUSR1);
    int status = next(pid);
    unsigned long message = 0;
    ptrace(PTRACE_GETEVENTMSG, pid, 0, &message);
    printf("tracer: %s message %lx\n", text(status), message);
    ptrace(PTRACE_CONT, pid, 0, 0);
    printf("tracer: %s\n", text(next(pid)));
    _exit(0);
  }
  sigset_t set;
  int got;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigwait(&set, &got);
  close(fds[1]);
  close(fds[0]);
  printf("parent: %s\n", text(next(tracer)));
  printf("parent: %s\n", text(next(pid)));
}

// What is stopped already can be commanded as soon as ATTACH or SEIZE has returned.
static void stopped(int request) {
  pid_t pid = fork();
  if (pid == 0)
    for (;;) pause();
  kill(pid, SIGSTOP);
  waitpid(pid, NULL, WUNTRACED);
  TRY(ptrace(request, pid, 0, 0));
  TRY(ptrace(PTRACE_POKEUSER, pid, offsetof(struct user, u_debugreg[0]), 0x1000));
  TRY(registers(pid).rip == 0);
  printf("%s\n", text(next(pid)));
  TRY(ptrace(PTRACE_DETACH, pid, 0, 0));
  kill(pid, SIGKILL);
  printf("%s\n", text(next(pid)));
}

int main(void) {
  setvbuf(stdout, 0, _IONBF, 0);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  TRY(ptrace(PTRACE_ATTACH, getpid(), 0, 0));
  TRY(ptrace(PTRACE_ATTACH, 999999, 0, 0));
  TRY(ptrace(PTRACE_CONT, getppid(), 0, 0));
  spinner();
  napper();
  stopped(PTRACE_ATTACH);
  stopped(PTRACE_SEIZE);
  deadTracer(0);
  deadTracer(PTRACE_O_EXITKILL);
  sigprocmask(SIG_BLOCK, &set, 0);
  stranger();
  return 0;
}
