// real-cpu.c: executes single instructions on the CPU that runs this, and tells what they did.
//
// stdin: `struct request`s, stdout: one `struct response` each. All state (general registers, flags, x87, SSE) goes
// in and out through a signal frame: the handler of SIGTRAP stores what the last instruction left and puts the next
// request into the frame, with TF set; returning from the handler runs exactly one instruction. Faults come back the
// same way. More steps are taken while rip stays inside the request's code (REP traps after each repetition).
// See real-cpu.ts for the other side.
//
//   CODE   64 KiB, read-write-execute
//   DATA   one page; the window is its last 512 bytes; the page after it is not mapped

#define _GNU_SOURCE
#include <asm/prctl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define CODE 0x10000000ul
#define CODE_BYTES 0x10000ul
#define DATA 0x11000000ul
#define WINDOW (DATA + 0xe00)
#define WINDOW_BYTES 512
#define FX_BYTES 464 // the rest of the image belongs to the kernel
#define TF 0x100ul
#define IF 0x200ul

struct request {
  uint8_t code[512];
  uint32_t address, end, steps, unused;
  uint64_t gpr[16], rflags;
  uint8_t fxsave[512], memory[WINDOW_BYTES];
};

struct response {
  uint32_t signal, trap, steps, unused;
  uint64_t error, cr2;
  uint64_t gpr[16], rflags, rip;
  uint8_t fxsave[512], memory[WINDOW_BYTES];
};

static const int GREG[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                             REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

static struct request *requests;
static struct response *responses;
static long count, next;
static uint32_t steps;
static greg_t home[NGREG];

static void store(int signal, ucontext_t *context) {
  struct response *response = &responses[next - 1];
  greg_t *greg = context->uc_mcontext.gregs;
  response->signal = signal;
  response->trap = greg[REG_TRAPNO];
  response->steps = steps;
  response->error = greg[REG_ERR];
  response->cr2 = greg[REG_CR2];
  for (int n = 0; n < 16; n++) response->gpr[n] = greg[GREG[n]];
  response->rflags = greg[REG_EFL] & ~TF;
  response->rip = greg[REG_RIP];
  memcpy(response->fxsave, context->uc_mcontext.fpregs, FX_BYTES);
  memcpy(response->memory, (void *)WINDOW, WINDOW_BYTES);
}

static void load(ucontext_t *context) {
  struct request *request = &requests[next++];
  greg_t *greg = context->uc_mcontext.gregs;
  for (int n = 0; n < 16; n++) greg[GREG[n]] = request->gpr[n];
  greg[REG_EFL] = request->rflags | TF | IF;
  greg[REG_RIP] = request->address;
  uint8_t *image = (uint8_t *)context->uc_mcontext.fpregs;
  uint32_t mask;
  memcpy(&mask, image + 28, 4); // MXCSR_MASK is the CPU's
  memcpy(image, request->fxsave, FX_BYTES);
  memcpy(image + 28, &mask, 4);
  *(uint64_t *)(image + 512) |= 3; // XSTATE_BV: x87 and SSE are to be loaded from the image
  memcpy((void *)WINDOW, request->memory, WINDOW_BYTES);
  memcpy((void *)(uint64_t)request->address, request->code, request->end - request->address);
  steps = 0;
}

static void handle(int signal, siginfo_t *info, void *opaque) {
  (void)info;
  ucontext_t *context = opaque;
  greg_t *greg = context->uc_mcontext.gregs;
  if (next == 0) {
    memcpy(home, greg, sizeof home);
  } else {
    struct request *request = &requests[next - 1];
    uint64_t rip = greg[REG_RIP];
    int inside = signal == SIGTRAP && rip >= request->address && rip < request->end;
    if (greg[REG_TRAPNO] == 1) steps++;
    if (inside && steps < request->steps) return;
    store(signal, context);
  }
  if (next < count) load(context);
  else memcpy(greg, home, sizeof home);
}

static int read_requests(void) {
  long capacity = 0;
  for (;;) {
    if (count == capacity) {
      capacity = capacity ? capacity * 2 : 1024;
      requests = realloc(requests, capacity * sizeof *requests);
      if (!requests) return -1;
    }
    if (fread(&requests[count], sizeof *requests, 1, stdin) != 1) return 0;
    count++;
  }
}

int main(void) {
  stack_t stack = {.ss_sp = malloc(1 << 18), .ss_size = 1 << 18};
  if (!stack.ss_sp || sigaltstack(&stack, NULL) || read_requests()) return 1;
  responses = calloc(count + 1, sizeof *responses);
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
  if (mmap((void *)CODE, CODE_BYTES, PROT_READ | PROT_WRITE | PROT_EXEC, flags, -1, 0) != (void *)CODE) return 2;
  if (mmap((void *)DATA, 4096, PROT_READ | PROT_WRITE, flags, -1, 0) != (void *)DATA) return 3;
  syscall(SYS_arch_prctl, ARCH_SET_GS, WINDOW);
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigfillset(&action.sa_mask);
  int caught[] = {SIGTRAP, SIGSEGV, SIGFPE, SIGILL, SIGBUS};
  for (unsigned n = 0; n < sizeof caught / sizeof *caught; n++) sigaction(caught[n], &action, NULL);
  __asm__ volatile("int3" ::: "memory");
  fwrite(responses, sizeof *responses, count, stdout);
  return 0;
}
