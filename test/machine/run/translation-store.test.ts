// translation-store.test.ts: code translated for one address space serves another only where it is the same code.

import assert from 'node:assert/strict';
import { createMachine } from '../../../adapter/machine/create-machine';
import type { AddressSpace, Machine } from '../../../adapter/machine/machine';
import { TranslationStore } from '../../../adapter/machine/translate/translation-store';

const CODE = 0x40_0000n;
/** mov eax, 11 · syscall */
const ANSWERS_11 = Uint8Array.of(0xb8, 11, 0, 0, 0, 0x0f, 0x05);
const EXECUTABLE = { read: true, write: false, execute: true };

function spaceWith(machine: Machine): AddressSpace {
  const space = machine.createAddressSpace();
  space.map(CODE, 4096, EXECUTABLE);
  space.write(CODE, ANSWERS_11);
  return space;
}

/** How the code ends, and rax. */
function answer(machine: Machine, space: AddressSpace): string {
  const registers = machine.createRegisterFile();
  registers.rip = CODE;
  const { exit } = space.run(registers, machine.createDebugRegisters(4), { maxInstructions: 1_000_000 });
  return `${exit.kind} ${registers.readGpr(0)}`;
}

/** Modules compiled meanwhile. */
function modulesFor(action: () => void): number {
  const { Module } = WebAssembly;
  let count = 0;
  WebAssembly.Module = new Proxy(Module, {
    construct(target, parameters: [BufferSource]) {
      count++;
      return new target(...parameters);
    },
  });
  try {
    action();
  } finally {
    WebAssembly.Module = Module;
  }
  return count;
}

describe('translated code of several address spaces', () => {
  const machine = createMachine({ timestamp: () => 0n, evaluatedEntries: 0 });

  it('is made once for a fork and for the same code loaded again', () => {
    const parent = spaceWith(machine);
    assert.equal(answer(machine, parent), 'syscall 11');
    const compiled = modulesFor(() => {
      assert.equal(answer(machine, parent.fork()), 'syscall 11');
      assert.equal(answer(machine, spaceWith(machine)), 'syscall 11');
    });
    assert.equal(compiled, 0);
  });

  it('is made anew where the bytes are others', () => {
    const parent = spaceWith(machine);
    const child = parent.fork();
    child.write(CODE + 1n, Uint8Array.of(22));
    assert.equal(answer(machine, parent), 'syscall 11');
    assert.equal(answer(machine, child), 'syscall 22');
    assert.equal(answer(machine, parent.fork()), 'syscall 11');
  });

  it('is not used where the page is not executable or the debugger wants to stop in it', () => {
    const parent = spaceWith(machine);
    assert.equal(answer(machine, parent), 'syscall 11');
    const guarded = parent.fork();
    guarded.protect(CODE, 4096, { read: true, write: false, execute: false });
    assert.match(answer(machine, guarded), /^pageFault /);
    const stopping = parent.fork();
    stopping.setCodeStops(new Set([CODE + 5n]));
    assert.equal(answer(machine, stopping), 'codeStop 11');
  });

  it('is kept as a module and as micro-code, each for itself', () => {
    const store = new TranslationStore();
    const space = { bytes: ANSWERS_11, isExecutable: () => true, isStop: () => false };
    const micro = Uint8Array.of(1, 2, 3);
    const module = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    store.keep(0, { code: micro, shapes: [], limitBits: 29, seen: [] }, space);
    assert.equal(store.findModule(0, 29, space), undefined);
    store.keep(0, { code: module, shapes: [], limitBits: 29, seen: [] }, space);
    assert.equal(store.findModule(0, 29, space)?.code, module);
    assert.equal(store.findMicro(0, 29, space)?.code, micro);
    assert.equal(store.findMicro(0, 30, space), undefined);
  });
});
