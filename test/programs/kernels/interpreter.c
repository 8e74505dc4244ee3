/* interpreter.c: a small stack machine: a switch in a loop. */
#include "kernel.h"
enum { PUSH, ADD, SUB, DUP, SWAP, LOAD, STORE, JUMP_IF, HALT, MUL };
static const int program[] = {PUSH, 0, STORE, 0, PUSH, 1000, STORE, 1, LOAD, 0, LOAD, 1, DUP, MUL, ADD, STORE, 0, LOAD, 1,
                              PUSH, 1, SUB, DUP, STORE, 1, JUMP_IF, 8, HALT};
static long execute(void) {
  long stack[16], variables[2];
  long *top = stack;
  const int *pc = program;
  for (;;) {
    switch (*pc++) {
    case PUSH: *top++ = *pc++; break;
    case ADD: top--; top[-1] += *top; break;
    case SUB: top--; top[-1] -= *top; break;
    case MUL: top--; top[-1] *= *top; break;
    case DUP: *top = top[-1]; top++; break;
    case SWAP: { long t = top[-1]; top[-1] = top[-2]; top[-2] = t; break; }
    case LOAD: *top++ = variables[*pc++]; break;
    case STORE: variables[*pc++] = *--top; break;
    case JUMP_IF: { int to = *pc++; if (*--top != 0) pc = program + to; break; }
    case HALT: return variables[0];
    }
  }
}
static unsigned long kernel(long rounds) {
  unsigned long sum = 0;
  for (long r = 0; r < rounds; r++) sum += (unsigned long)execute();
  return sum;
}
