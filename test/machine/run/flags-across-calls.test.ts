// flags-across-calls.test.ts: flags that a call or a return brings, in code that runs seldom and in hot code.
//
// Oracle: the same program on the real CPU.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { assemble, load, run } from '../support/program';

const LOOP = 'xor ebp, ebp\nmov ebx, 50001\nagain: ';
const END = 'dec ebx\njnz again\nmov edi, ebp\nand edi, 127\nmov eax, 60\nsyscall\n';
/** CF: the lowest bit. */
const PARITY = 'parity: bt edi, 0\nret\n';
/** eax: CF. */
const CARRY = 'carry: jc 1f\nxor eax, eax\nret\n1: mov eax, 1\nret\n';

const PROGRAMS: Readonly<Record<string, string>> = {
  'a carry as a result': `${LOOP}mov edi, ebx\ncall parity\nadc ebp, 0\n${END}${PARITY}`,
  'a flag as a parameter': `${LOOP}bt ebx, 0\ncall carry\nadd ebp, eax\n${END}${CARRY}`,
  'through two returns': `${LOOP}mov edi, ebx\ncall outer\nlea ecx, [ebp+1]\ncmovc ebp, ecx\n${END}outer: call parity\nmov ecx, 5\nret\n${PARITY}`,
  'through a jump to the callee': `${LOOP}mov edi, ebx\ncall hop\nadc ebp, 0\n${END}hop: jmp parity\n${PARITY}`,
  'a carry that INC keeps': `${LOOP}mov edi, ebx\ncall parity\ninc edi\nadc ebp, 0\n${END}${PARITY}`,
  'of an indirect call': `lea r12, carry[rip]\n${LOOP}bt ebx, 0\ncall r12\nadd ebp, eax\n${END}${CARRY}`,
  'once the callee is hot': `mov ebx, 50001\nfirst: mov edi, ebx\ncall parity\nxor eax, eax\ndec ebx\njnz first\njmp later\n${PARITY}.skip 4096, 0x90\nlater: ${LOOP}mov edi, ebx\ncall parity\nadc ebp, 0\n${END}`,
};

describe('flags across calls and returns', () => {
  for (const [what, text] of Object.entries(PROGRAMS)) {
    it(what, () => {
      const file = assemble(`.text\n_start: ${text}`);
      const native = spawnSync(file).status;
      assert.notEqual(native, 0);
      assert.deepEqual(run(load(file)).exit, { kind: 'exited', code: native });
    });
  }
});
