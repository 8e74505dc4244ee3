// hot-code.test.ts: loops that run long enough for fast code: checks shared by accesses near each other, small
// functions brought into their callers.

import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
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

/** Indirect calls: two functions at first, later one more, then one that returns elsewhere than it was called from. */
const CALLS =
  '.text\n_start: xor edi, edi\nmov ebx, 60001\n' +
  'again: lea rax, even[rip]\nlea rdx, odd[rip]\ntest ebx, 1\ncmovnz rax, rdx\ncmp ebx, 9000\nja 1f\n' +
  'lea rdx, late[rip]\ntest ebx, 3\ncmovz rax, rdx\n1: cmp ebx, 77\nlea rdx, away[rip]\ncmove rax, rdx\n' +
  'call rax\nadd edi, eax\nback: sub ebx, 1\njnz again\nand edi, 127\nmov eax, 60\nsyscall\n' +
  'even: mov eax, ebx\nshr eax, 2\nret\nodd: test ebx, 6\njz 2f\nmov eax, 5\nret\n2: mov eax, 11\nret\n' +
  'late: push rbx\nimul ebx, ebx, 13\nlea eax, [rbx+1]\npop rbx\nret\n' +
  'away: add rsp, 8\nlea rax, back[rip]\npush rax\nadd edi, 3\nret\n';

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

  it('checks on each of two ways what only one of them has checked before', () => {
    const loaded = program(
      'again: mov edx, ecx\nand edx, 31\nshl edx, 5\nadd rdx, rbx\nnop dword ptr [rdx+16]\ntest ecx, 1\njnz odd\n' +
        'mov qword ptr [rdx], 1\nmov qword ptr [rdx+16], 1\njmp next\n' +
        'odd: mov qword ptr [rdx+8], 2\nmov qword ptr [rdx+16], 2\nnext: sub ecx, 1\njnz again',
    );
    assert.equal(run(loaded).exit.kind, 'exited');
    const buffer = loaded.symbols.get('buffer') ?? 0n;
    const words = Array.from({ length: 32 * 4 }, (_, n) => loaded.space.readU64(buffer + BigInt(8 * n)));
    assert.deepEqual(
      words,
      Array.from({ length: 32 }, (_, n) => (n % 2 === 0 ? [1n, 0n, 1n, 0n] : [0n, 2n, 2n, 0n])).flat(),
    );
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

  it('goes on behind a call, or where the callee returned to instead', () => {
    const loaded = program(
      'xor edi, edi\nagain: call small\nadd edi, 1\nafter: sub ecx, 1\njnz again\njmp done\n' +
        'small: test ecx, 1023\njnz back\nlea rax, after[rip]\nmov [rsp], rax\nback: ret\ndone:',
    );
    const skipped = Math.floor(LOOPS / 1024);
    const { exit, instructions } = run(loaded);
    assert.deepEqual(exit, { kind: 'exited', code: (LOOPS - skipped) & 0xff });
    assert.equal(instructions, 3 + 1 + LOOPS * 7 + skipped + 1 + 2);
  });

  const RECURSION =
    'xor edi, edi\nmov ecx, 300\nagain: mov edx, 12\ncall tree\nsub ecx, 1\njnz again\njmp done\n' +
    'tree: add edi, 1\nsub edx, 1\njz leaf\npush rdx\ncall tree\nmov edx, [rsp]\ncall tree\npop rdx\nleaf: ret\ndone:';

  it('counts exactly through recursion, in whatever pieces', () => {
    const whole = program(RECURSION);
    assert.deepEqual(run(whole, 3_000_000).exit, { kind: 'budget' });
    const pieces = program(RECURSION);
    for (let done = 0; done < 3_000_000;) {
      const maxInstructions = Math.min(3_000_000 - done, 1 + ((done * 7919) % 60_013));
      done += pieces.space.run(pieces.registers, pieces.debug, { maxInstructions }).instructions;
    }
    assert.equal(pieces.registers.rip, whole.registers.rip);
    for (let index = 0; index < 16; index++) {
      assert.equal(pieces.registers.readGpr(index), whole.registers.readGpr(index), `register ${index}`);
    }
    assert.deepEqual(run(whole).exit, { kind: 'exited', code: (300 * 4095) & 0xff });
  });

  it('stops in a function that was brought into its caller', () => {
    const loaded = program(RECURSION);
    run(loaded, 2_000_000);
    const leaf = loaded.symbols.get('leaf') ?? 0n;
    loaded.space.setCodeStops(new Set([leaf]));
    for (let stop = 0; stop < 20; stop++) {
      const options = { maxInstructions: 1e6, skipCodeStopAtStart: true };
      const { exit } = loaded.space.run(loaded.registers, loaded.debug, options);
      assert.deepEqual([exit.kind, loaded.registers.rip], ['codeStop', leaf]);
    }
    loaded.space.setCodeStops(new Set());
    assert.deepEqual(run(loaded).exit, { kind: 'exited', code: (300 * 4095) & 0xff });
  });

  it('calls through pointers what it has called before, and what is new', () => {
    const file = assemble(CALLS);
    const native = spawnSync(file).status;
    assert.notEqual(native, 0);
    assert.deepEqual(run(load(file)).exit, { kind: 'exited', code: native });
  });

  it('counts as many instructions in one run as in many short ones', () => {
    const file = assemble(CALLS);
    const whole = run(load(file));
    for (const most of [997, 40_009]) {
      const loaded = load(file);
      let instructions = 0;
      let finished = run(loaded, most);
      while (finished.exit.kind === 'budget') {
        assert.equal(finished.instructions, most);
        instructions += most;
        finished = run(loaded, most);
      }
      assert.deepEqual(finished.exit, whole.exit);
      assert.equal(instructions + finished.instructions, whole.instructions);
    }
  });
});
