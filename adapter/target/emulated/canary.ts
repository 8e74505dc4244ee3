// canary.ts: do data breakpoints fire on this machine at all? Asked once, when a session starts.
//
// A guest of seven instructions of its own runs on its own memory, with two words watched through the same layer,
// registers and translation as any program's: one write must hit once, one read must hit once, and their neighbours
// must not. "No hits" of a person's watch is then an answer.

import { BreakpointLayer } from '../../kernel/clients/breakpoint-layer';
import type { KernelParts } from '../../kernel/kernel';
import { ownHits } from '../../kernel/own-hits';
import type { Cpu, TaskRef } from '../../kernel/sched/task';
import { hex } from '../../util/hex';

const CODE_AT = 0x100000n;
const DATA_AT = 0x200000n;
const PAGE = 4096;
const READ_AT = DATA_AT + 0x10n;
const VALUE = 42;
const MOST_EXITS = 16;

//   mov eax, 42 · mov [200000h], eax · add eax, 1 · mov [200008h], eax · mov ecx, [200000h] · mov edx, [200010h] · syscall
const CODE = Uint8Array.from([
  ...[0xb8, VALUE, 0, 0, 0],
  ...[0x89, 0x04, 0x25, 0x00, 0x00, 0x20, 0x00],
  ...[0x83, 0xc0, 0x01],
  ...[0x89, 0x04, 0x25, 0x08, 0x00, 0x20, 0x00],
  ...[0x8b, 0x0c, 0x25, 0x00, 0x00, 0x20, 0x00],
  ...[0x8b, 0x14, 0x25, 0x10, 0x00, 0x20, 0x00],
  ...[0x0f, 0x05],
]);

const EXPECTED = [`write of ${hex(DATA_AT)}: 0 → ${VALUE}`, `read of ${hex(READ_AT)}: 0 → 0`];

/** Undefined: they fire. Else what was seen instead, for people. */
export function canaryTrouble(createMachine: KernelParts['createMachine']): string | undefined {
  const machine = createMachine({ timestamp: () => 0n });
  const space = machine.createAddressSpace();
  try {
    space.map(CODE_AT, PAGE, { read: true, write: false, execute: true });
    space.map(DATA_AT, PAGE, { read: true, write: true, execute: false });
    space.write(CODE_AT, CODE);
    const registers = machine.createRegisterFile();
    registers.rip = CODE_AT;
    const task: TaskRef = { tid: 1, tgid: 1, comm: 'canary', registers };
    const cpu: Cpu = { id: 0, debugRegisters: machine.createDebugRegisters(4), current: task };
    const layer = new BreakpointLayer<number>({ cpus: [cpu], clock: () => 0n });
    layer.switchIn(task, cpu);
    layer.debugger.arm(task, { address: DATA_AT, lengthBytes: 4, access: 'write' }, 1);
    layer.debugger.arm(task, { address: READ_AT, lengthBytes: 4, access: 'readWrite' }, 2);
    return compared(
      seenBy(layer, cpu, task, () => space.run(registers, cpu.debugRegisters, { maxInstructions: 100 }).exit),
    );
  } finally {
    space.dispose();
  }
}

type Run = () => ReturnType<ReturnType<ReturnType<KernelParts['createMachine']>['createAddressSpace']>['run']>['exit'];

function seenBy(layer: BreakpointLayer<number>, cpu: Cpu, task: TaskRef, run: Run): readonly string[] {
  const seen: string[] = [];
  for (let exits = 0; exits < MOST_EXITS; exits++) {
    const exit = run();
    if (exit.kind === 'syscall') return seen;
    if (exit.kind !== 'debug') return [...seen, `it ended with ${exit.kind}`];
    for (const { piece, detail } of ownHits(layer, task, layer.handleDebugException(cpu, task, exit))) {
      const [before, after] = [detail?.before[0] ?? -1, detail?.after[0] ?? -1];
      seen.push(`${detail?.access ?? 'access'} of ${hex(piece.address)}: ${before} → ${after}`);
    }
  }
  return [...seen, 'it did not end'];
}

function compared(seen: readonly string[]): string | undefined {
  if (seen.join() === EXPECTED.join()) return undefined;
  const what = seen.length === 0 ? 'nothing was hit' : seen.join('; ');
  return `Of a canary's accesses (${EXPECTED.join('; ')}) each must hit once, but ${what}.`;
}
