/* machine.c: a register machine: instructions in words, a switch with many cases, state in a structure. */
#include "kernel.h"
struct machine { unsigned r[16]; unsigned pc, flags; unsigned char memory[256]; unsigned long steps; };
static const unsigned program[] = {0x0100005, 0x0200001, 0x4300100, 0x1312000, 0x7340000, 0x5440007, 0x8040003, 0x2440000,
                                   0x9430010, 0xa530010, 0x6553000, 0xb050004, 0xc560001, 0x3123000, 0xd000010, 0x3345000,
                                   0xe000001, 0xf00012a};
static int step(struct machine *m) {
  unsigned word = program[m->pc++], d = word >> 20 & 15, s = word >> 16 & 15, i = word & 0xffff;
  m->steps++;
  switch (word >> 24) {
  case 0: m->r[s] = i; break;
  case 1: m->r[d] = m->r[s] + m->r[i >> 12]; break;
  case 2: m->r[d] = ~m->r[s]; break;
  case 3: m->r[d] = m->r[s] ^ m->r[i >> 12]; break;
  case 4: m->r[d] = m->r[s] + i; break;
  case 5: m->r[d] &= i; break;
  case 6: m->r[d] = m->r[s] * m->r[i >> 12] + 1; break;
  case 7: m->r[s] = m->r[d]; break;
  case 8: m->flags = m->r[s] < i; break;
  case 9: m->memory[(m->r[d] + i) & 255] = (unsigned char)m->r[s]; break;
  case 10: m->r[d] = m->memory[(m->r[s] + i) & 255]; break;
  case 11: m->r[s] = m->r[s] >> i | m->r[s] << (32 - i); break;
  case 12: m->r[d] -= m->r[s] & i; break;
  case 13: if (m->flags) m->pc = i; break;
  case 14: m->r[15] += i; break;
  default: if (m->r[15] >= i) return 0; m->pc = 2; break;
  }
  return 1;
}
static unsigned long kernel(long rounds) {
  unsigned long sum = 0;
  for (long r = 0; r < rounds; r++) {
    struct machine m = {{0}, 0, 0, {0}, 0};
    m.r[7] = (unsigned)r;
    while (step(&m)) {}
    sum += m.r[3] + m.r[5] + m.steps;
  }
  return sum;
}
