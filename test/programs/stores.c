// stores.c: whatever an instruction can do to memory: wide, unaligned, over the edge of a page, repeated, atomic, in a handler.
#include <emmintrin.h>
#include <signal.h>
#include <unistd.h>

struct __attribute__((packed)) {
  char tag;
  long wide;
} packed;
_Alignas(4096) int page[2048];
int copies[16];
volatile int handled;
volatile int quiet;

__attribute__((noinline)) static void vector(void *at, int value) {
  _mm_storeu_si128(at, _mm_set1_epi32(value));
}

__attribute__((noinline)) static void unaligned(char *at, long value) {
  *(volatile long *)at = value;
}

__attribute__((noinline)) static void repeat(void *to, const void *from, long words) {
  __asm__ volatile("rep movsl" : "+D"(to), "+S"(from), "+c"(words)::"memory");
}

__attribute__((noinline)) static void fill(void *to, int value, long words) {
  __asm__ volatile("rep stosl" : "+D"(to), "+c"(words) : "a"(value) : "memory");
}

static void handle(int signal) {
  handled += signal;
  page[1024] = handled;
}

int main(void) {
  quiet = 1; // MARK start
  vector(&page[1022], 5);
  unaligned((char *)&page[1023] + 1, 0x0102030405060708);
  unaligned((char *)&packed.wide - 1, 77);
  packed.wide += 1;
  fill(copies, 3, 16);
  repeat(copies + 1, page + 1020, 8);
  __sync_fetch_and_add(&page[1024], 2);
  __sync_bool_compare_and_swap(&page[1024], 1, 9);
  __sync_bool_compare_and_swap(&page[1024], page[1024], 9);
  __sync_lock_test_and_set(&copies[5], 6);
  __asm__ volatile("btsl $4, %0" : "+m"(copies[5]));
  __asm__ volatile("pushq $5; popq %0" : "=m"(packed.wide)::"memory");
  signal(SIGCHLD, handle);
  kill(getpid(), SIGCHLD);
  kill(getpid(), SIGCHLD);
  return 0;
}
