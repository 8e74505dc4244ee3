// flag-override.long.test.ts: flags that an instruction changes on top of others are exact where hot code is left, and where
// the guest looks at them.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { assemble, load, run } from '../support/program';

const ARITHMETIC = 0x8d5n;
const LOOPS = 60_001;

/** What sets flags first, and what then changes some of them. */
const SEQUENCES: readonly string[] = [
  ...['cmp eax, 77', 'add ax, 0x7fff', 'test al, 3'].flatMap((first) =>
    ['rol eax, 3', 'ror al, 1', 'ror rax, 63', 'rol ax, 9', 'bt eax, 4', 'btc rdx, 9', 'shl eax, cl', 'sar dx, cl'].map(
      (then) => `${first}\n${then}`,
    ),
  ),
  'cmp eax, 77\nrol eax, 3\nbt eax, 5',
  'cmp eax, 77\nbt eax, 5\nror edx, 7',
  'cmp eax, 77\nshr eax, cl\nrol dl, 2',
  'cmp eax, 77\nrol eax, cl\nrol edx, cl',
  'cmp eax, 77\nxor ecx, ecx\nror edx, cl\nbts eax, 3\nshl edx, cl',
  'cmp eax, 77\nbt edx, 2\ninc eax',
];

/** The loop's last round accesses where r13 points; `look` stands before the access. */
function program(sequence: string, look: string): string {
  return assemble(
    `.text\n_start: lea rbx, buffer[rip]\nxor r13d, r13d\nmov r12d, ${LOOPS}\n` +
      'again: lea rsi, [rbx]\ncmp r12d, 1\ncmove rsi, r13\nmov ecx, r12d\nmov eax, 0x12345681\nimul eax, r12d\nmov edx, eax\n' +
      `neg edx\n${sequence}\n${look}mov [rsi], al\nsub r12d, 1\njnz again\nhlt\n.bss\nbuffer: .skip 4096`,
  );
}

describe('flags that change on top of others', () => {
  for (const sequence of SEQUENCES) {
    it(sequence.replaceAll('\n', '; '), () => {
      const looked = load(program(sequence, 'pushf\npop r14\n'));
      assert.equal(run(looked).exit.kind, 'pageFault');
      const left = load(program(sequence, ''));
      assert.equal(run(left).exit.kind, 'pageFault');
      assert.equal(left.registers.rflags & ARITHMETIC, looked.registers.readGpr(14) & ARITHMETIC);
    });
  }

  it('steer branches in hot loops as on the real CPU', () => {
    const file = assemble(
      '.text\n_start: xor edi, edi\nmov r12d, 100003\nmov eax, 0x9e3779b9\n' +
        'again: mov ecx, r12d\nbt eax, ecx\njc 1f\nadd edi, 3\n1: rol eax, 5\njnc 2f\nadd edi, 7\n2: shr edx, cl\nja 3f\nxor edi, eax\n' +
        '3: ror eax, cl\nadc edi, 0\nlea edx, [rax+rcx]\nsub r12d, 1\njnz again\nand edi, 127\nmov eax, 60\nsyscall\n',
    );
    const native = spawnSync(file).status;
    assert.deepEqual(run(load(file)).exit, { kind: 'exited', code: native });
  });
});
