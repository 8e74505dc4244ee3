// hot-code.test.ts: loops that run long enough for fast code: checks shared by accesses near each other.

import { strict as assert } from 'node:assert';
import { assemble, load, run, type LoadedProgram } from '../support/program';

const LOOPS = 100_000;

function program(text: string): LoadedProgram {
  return load(
    assemble(
      `.text\n_start: lea rbx, buffer[rip]\nlea r12, end[rip]\nmov ecx, ${LOOPS}\n${text}\nmov eax, 60\nsyscall\n` +
        `.bss\n.balign 4096\nbuffer: .skip 8192\nend:`,
    ),
  );
}

const MEMBERS =
  'again: add qword ptr [rbx+56], 1\nmov rax, [rbx+56]\nmov [rbx+64], rax\nmov edi, [rbx+64]\nsub ecx, 1\njnz again';

describe('hot code', () => {
  it('reads and writes what lies near each other, in the fast memory and above it', () => {
    for (const address of [undefined, 0x7000_0000_0000n]) {
      const loaded = program(`mov rax, [rsp-8]\ntest rax, rax\ncmovnz rbx, rax\n${MEMBERS}`);
      if (address !== undefined) {
        loaded.space.map(address, 4096, { read: true, write: true, execute: false });
        loaded.space.writeU64(loaded.registers.readGpr(4) - 8n, address);
      }
      const { exit, instructions } = run(loaded);
      assert.deepEqual(exit, { kind: 'exited', code: LOOPS & 0xff });
      assert.equal(instructions, 6 + 6 * LOOPS + 2);
      const place = address ?? loaded.symbols.get('buffer') ?? 0n;
      assert.equal(loaded.space.readU64(place + 64n), BigInt(LOOPS));
    }
  });

  it('counts the accesses to a watched neighbour and no others', () => {
    for (const [offset, type, hits] of [
      [56n, 1, 1],
      [64n, 3, 2],
      [72n, 3, 0],
      [56n, 3, 2],
    ] as const) {
      const loaded = program(MEMBERS);
      const address = (loaded.symbols.get('buffer') ?? 0n) + offset;
      loaded.debug.setCondition(0, { enabled: true, address, lengthBytes: 8, type, countOnly: true });
      assert.deepEqual(run(loaded).exit, { kind: 'exited', code: LOOPS & 0xff });
      assert.equal(loaded.debug.readCount(0), hits * LOOPS, `at ${offset}`);
    }
  });

  it('faults at the access that leaves the page, with those before it done', () => {
    const loaded = program(
      'lea rbx, [r12-64]\nsub rbx, 8\nxor edx, edx\nwarm: mov [rbx], rcx\nmov [rbx+16], rcx\nsub ecx, 1\njnz warm\n' +
        'mov ecx, 2000\nagain: add edx, 1\nmov [rbx], rdx\nbad: mov [rbx+16], rdx\nlea rax, [rbx+8]\ncmp edx, 1500\n' +
        'cmovge rbx, rax\nsub ecx, 1\njnz again',
    );
    const { exit } = run(loaded);
    const end = loaded.symbols.get('end') ?? 0n;
    assert.deepEqual(exit, { kind: 'pageFault', address: end, access: 'write', mapped: false });
    assert.equal(loaded.registers.rip, loaded.symbols.get('bad'));
    assert.equal(loaded.registers.readGpr(3), end - 16n);
    assert.equal(loaded.space.readU64(end - 16n), loaded.registers.readGpr(2));
  });
});
