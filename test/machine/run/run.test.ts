// run.test.ts: budgets, faults, code stops, code that changes.

import { strict as assert } from 'node:assert';
import type { TracedInstruction } from '../../../adapter/machine/machine';
import { assemble, load, run, type LoadedProgram } from '../support/program';

const EXIT = 'mov eax, 60\nsyscall';
const LOOP = 'mov ecx, 1000\nxor edi, edi\nagain: add edi, ecx\npush rdi\npop rsi\nsub ecx, 1\njnz again\nand edi, 127';

function program(text: string): LoadedProgram {
  return load(assemble(`.text\n_start: ${text}\n${EXIT}\n.bss\n.balign 4096\nbuffer: .skip 8192`));
}

function state({ registers }: LoadedProgram): string {
  const gprs = Array.from({ length: 16 }, (_, index) => registers.readGpr(index).toString(16));
  return [registers.rip.toString(16), registers.rflags.toString(16), ...gprs].join(' ');
}

describe('running', () => {
  it('stops after exactly so many instructions, in whatever pieces', () => {
    for (const total of [1, 2, 7, 333, 2001, 5000]) {
      const whole = program(LOOP);
      assert.equal(run(whole, total).instructions, total);
      const pieces = program(LOOP);
      for (let done = 0; done < total;) {
        const next = Math.min(total - done, 1 + (done % 97));
        done += pieces.space.run(pieces.registers, pieces.debug, { maxInstructions: next }).instructions;
      }
      assert.equal(state(pieces), state(whole), `after ${total}`);
    }
  });

  it('a trace is told of each instruction and what it accessed, and changes nothing', () => {
    const told: TracedInstruction[] = [];
    const file = assemble(
      `.text\n_start: ${LOOP}\nlea rdi, spot[rip]\nstd\nmov ecx, 3\nrep stosb\n.bss\n.skip 8\nspot: .skip 8`,
    );
    const total = 5007;
    const plain = load(file);
    run(plain, total);
    const traced = load(file, [], 4, (instruction) => told.push(instruction));
    assert.equal(run(traced, total).instructions, total);
    assert.equal(state(traced), state(plain));
    const spot = traced.symbols.get('spot') ?? 0n;
    const touched = told.flatMap(({ accesses }) =>
      accesses.map(({ writes, first, end }) => [writes, first, end - first]),
    );
    const top = plain.registers.readGpr(4) - 8n;
    assert.equal(touched.length, 2 * 1000 + 3);
    assert.deepEqual(touched.slice(0, 2), [
      [true, top, 8n],
      [false, top, 8n],
    ]);
    assert.deepEqual(
      touched.slice(-3),
      [0n, 1n, 2n].map((n) => [true, spot - n, 1n]),
    );
    assert.equal(told[3].stackPointer, top, 'after the push');
  });

  it('a fault leaves everything as it was before the instruction', () => {
    const loaded = program('lea rbx, buffer[rip+8190]\nmov eax, -1\nstd\nbad: add [rbx], eax');
    const { exit, instructions } = run(loaded);
    assert(exit.kind === 'pageFault');
    const end = (loaded.symbols.get('buffer') ?? 0n) + 8192n;
    assert.deepEqual([exit.address, exit.access, exit.mapped], [end, 'write', false]);
    assert.equal(loaded.registers.rip, loaded.symbols.get('bad'));
    assert.equal(instructions, 3);
    assert.deepEqual([...loaded.space.read(end - 2n, 2)], [0, 0]);
  });

  it('a write to code and a jump to nowhere are told', () => {
    const forbidden = run(program('lea rbx, _start[rip]\nmov [rbx], eax')).exit;
    assert(forbidden.kind === 'pageFault');
    assert.deepEqual([forbidden.access, forbidden.mapped], ['write', true]);
    const nowhere = run(program('mov eax, 0x123456\njmp rax')).exit;
    assert(nowhere.kind === 'pageFault');
    assert.deepEqual([nowhere.access, nowhere.address], ['execute', 0x123456n]);
  });

  it('code stops come before the instruction, and can be passed over', () => {
    const loaded = program(LOOP);
    loaded.space.setCodeStops(new Set([loaded.symbols.get('again') ?? 0n]));
    let stops = 0;
    for (let skipCodeStopAtStart = false; ; skipCodeStopAtStart = true) {
      const options = { maxInstructions: 1e6, skipCodeStopAtStart };
      const { exit } = loaded.space.run(loaded.registers, loaded.debug, options);
      if (exit.kind !== 'codeStop') break;
      stops++;
    }
    assert.equal(stops, 1000);
  });

  it('sees code that the guest has just written', () => {
    const loaded = program(
      'lea rbx, patched[rip]\nmov ecx, 2\nagain: call patched\nmov byte ptr [rbx+1], 9\nsub ecx, 1\njnz again\njmp done\npatched: mov edi, 4\nret\ndone:',
    );
    const code = loaded.registers.rip & ~4095n;
    loaded.space.protect(code, 4096, { read: true, write: true, execute: true });
    const { exit } = run(loaded);
    assert(exit.kind === 'exited');
    assert.equal(exit.code, 9);
  });

  it('deep recursion does not need a deep stack of ours', () => {
    const loaded = program(
      'mov ecx, 100000\nxor edi, edi\ncall down\nand edi, 127\njmp done\ndown: sub ecx, 1\njz back\ncall down\nback: add edi, 1\nret\ndone:',
    );
    const { exit } = run(loaded);
    assert(exit.kind === 'exited');
    assert.equal(exit.code, 100000 & 127);
  });

  it('grows beyond its first limit', () => {
    const loaded = program('mov rbx, 0x30000000\nmov dword ptr [rbx], 33\nmov edi, [rbx]');
    loaded.space.map(0x3000_0000n, 4096, { read: true, write: true, execute: false });
    const { exit } = run(loaded);
    assert(exit.kind === 'exited' && exit.code === 33);
  });
});
