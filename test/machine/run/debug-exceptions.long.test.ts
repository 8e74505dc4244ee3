// debug-exceptions.long.test.ts: what the debug registers see, and when the machine says so.

import { strict as assert } from 'node:assert';
import { createMachine } from '../../../adapter/machine/create-machine';
import type { DebugCondition } from '../../../adapter/machine/debug-registers';
import type { Exit } from '../../../adapter/machine/machine';
import { assemble, load, run, type LoadedProgram } from '../support/program';

const EXIT = 'mov edi, eax\nmov eax, 60\nsyscall';

function program(text: string): LoadedProgram {
  return load(assemble(`.text\n_start: ${text}\n${EXIT}\n.bss\n.balign 4096\nbuffer: .skip 8192`));
}

function condition(address: bigint, options: Partial<DebugCondition> = {}): DebugCondition {
  return { enabled: true, address, lengthBytes: 4, type: 1, countOnly: false, ...options };
}

function symbol(loaded: LoadedProgram, name: string): bigint {
  const address = loaded.symbols.get(name);
  assert(address !== undefined);
  return address;
}

function expectDebug(exit: Exit | { kind: 'exited' }): Extract<Exit, { kind: 'debug' }> {
  assert(exit.kind === 'debug', `the exit is ${exit.kind}`);
  return exit;
}

const number = (bytes: Uint8Array): number => bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);

describe('debug exceptions', () => {
  it('a store over watched bytes traps after the instruction, with old and new value', () => {
    const loaded = program('lea rbx, buffer[rip]\nmov eax, 7\nmov dword ptr [rbx+8], eax\nadd eax, 1');
    loaded.debug.setCondition(1, condition(symbol(loaded, 'buffer') + 8n));
    const { exit, instructions } = run(loaded);
    const { hits, singleStep } = expectDebug(exit);
    assert.equal(instructions, 3);
    assert.equal(singleStep, false);
    assert.deepEqual(
      hits.map(({ index, access, lengthBytes, before, after }) => [
        index,
        access,
        lengthBytes,
        number(before),
        number(after),
      ]),
      [[1, 'write', 4, 0, 7]],
    );
    assert.equal(loaded.debug.dr6 & 15n, 2n);
    assert.equal(run(loaded).exit.kind, 'exited');
  });

  it('any byte of an access that overlaps any byte of the condition is a hit, and no other', () => {
    for (const length of [1, 2, 4, 8] as const) {
      for (const [bytes, register] of [
        [1, 'al'],
        [2, 'ax'],
        [4, 'eax'],
        [8, 'rax'],
      ] as const) {
        const loaded = program(`again: mov [rbx], ${register}\ninc rbx\njmp again`);
        const watched = symbol(loaded, 'buffer') + 64n;
        loaded.debug.setCondition(0, condition(watched, { lengthBytes: length, countOnly: true }));
        loaded.registers.writeGpr(3, watched - 40n);
        run(loaded, 3 * 80);
        assert.equal(loaded.debug.readCount(0), length + bytes - 1, `${bytes} bytes over ${length}`);
      }
    }
  });

  it('an access that one condition counts and another stops at is counted once', () => {
    const loaded = program('lea rbx, buffer[rip]\nmov [rbx+2], rax');
    const watched = symbol(loaded, 'buffer');
    loaded.debug.setCondition(0, condition(watched + 4n, { countOnly: true }));
    loaded.debug.setCondition(1, condition(watched + 8n));
    loaded.debug.setCondition(2, condition(watched, { countOnly: true }));
    const { hits } = expectDebug(run(loaded).exit);
    assert.deepEqual(
      hits.map(({ index }) => index),
      [1],
    );
    assert.deepEqual([loaded.debug.readCount(0), loaded.debug.readCount(2)], [1, 1]);
  });

  it('reads are seen by read-write conditions only', () => {
    for (const [type, expected] of [
      [1, 0],
      [3, 1],
    ] as const) {
      const loaded = program('mov eax, buffer[rip]');
      loaded.debug.setCondition(0, condition(symbol(loaded, 'buffer'), { type, countOnly: true }));
      run(loaded);
      assert.equal(loaded.debug.readCount(0), expected);
    }
  });

  it('counts every hit of a long loop without leaving it', () => {
    const loaded = program(
      'lea rbx, buffer[rip]\nmov ecx, 300000\nagain: mov [rbx+16], ecx\nmov [rbx+32], ecx\nsub ecx, 1\njnz again',
    );
    loaded.debug.setCondition(0, condition(symbol(loaded, 'buffer') + 16n, { countOnly: true }));
    assert.equal(run(loaded).exit.kind, 'exited');
    assert.equal(loaded.debug.readCount(0), 300_000);
  });

  it('a repeated string store traps after each iteration that overlaps', () => {
    const loaded = program('lea rdi, buffer[rip]\nmov ecx, 16\nmov al, 1\nstart: rep stosb\nxor eax, eax');
    loaded.debug.setCondition(0, condition(symbol(loaded, 'buffer') + 8n, { lengthBytes: 8 }));
    const places: bigint[] = [];
    for (let result = run(loaded); result.exit.kind === 'debug'; result = run(loaded))
      places.push(loaded.registers.rip);
    assert.equal(places.length, 8);
    assert(places.slice(0, 7).every((rip) => rip === symbol(loaded, 'start')));
    assert.equal(places[7], symbol(loaded, 'start') + 2n);
  });

  it('an instruction that faults is no hit', () => {
    const loaded = program('lea rbx, buffer[rip]\nxor edx, edx\ndiv dword ptr [rbx]');
    loaded.debug.setCondition(0, condition(symbol(loaded, 'buffer'), { type: 3 }));
    const { exit } = run(loaded);
    assert(exit.kind === 'exception' && exit.vector === 0);
  });

  it('an execute condition stops before the instruction; RF passes it', () => {
    const loaded = program('mov ecx, 3\nhere: sub ecx, 1\njnz here\nxor eax, eax');
    loaded.debug.setCondition(2, condition(symbol(loaded, 'here'), { type: 0, lengthBytes: 1 }));
    let stops = 0;
    for (let result = run(loaded); result.exit.kind === 'debug'; result = run(loaded)) {
      stops++;
      assert.equal(loaded.registers.rip, symbol(loaded, 'here'));
      loaded.registers.rflags |= 0x10000n;
    }
    assert.equal(stops, 3);
  });

  it('TF steps one instruction, and a hit on it comes in the same exception', () => {
    const loaded = program('lea rbx, buffer[rip]\nmov dword ptr [rbx], 5\nxor eax, eax');
    loaded.debug.setCondition(0, condition(symbol(loaded, 'buffer')));
    loaded.registers.rflags |= 0x100n;
    const first = expectDebug(run(loaded).exit);
    assert.deepEqual([first.singleStep, first.hits.length], [true, 0]);
    const second = expectDebug(run(loaded).exit);
    assert.deepEqual([second.singleStep, second.hits.length], [true, 1]);
    assert.equal(loaded.debug.dr6 & 0x4001n, 0x4001n);
  });

  it('each CPU has its own conditions', () => {
    const loaded = program('lea rbx, buffer[rip]\nmov dword ptr [rbx], 5\nmov dword ptr [rbx], 6\nxor eax, eax');
    const other = createMachine({ timestamp: () => 0n }).createDebugRegisters(4);
    loaded.debug.setCondition(0, condition(symbol(loaded, 'buffer')));
    expectDebug(run(loaded).exit);
    assert.equal(run({ ...loaded, debug: other }).exit.kind, 'exited');
  });
});
