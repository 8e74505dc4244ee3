// Stopped processes: our backtraces and values beside gdb's, from the same registers and memory.

import * as assert from 'node:assert';
import type { EvaluationContext, Frame, ProgramSymbols, Value } from '../../../adapter/symbols/program-symbols';
import { bytesToInteger } from '../../../adapter/symbols/types/integers';
import { UserError } from '../../../adapter/util/user-error';
import { compile, VARIANTS } from '../support/programs';
import { memoryOf, registersOf, snapshotsOf, symbolsOf, type GdbFrame, type GdbVariable } from '../support/snapshot';

const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  'basics.c': [
    'basics.c:62',
    'basics.c:67',
    'basics.c:71',
    'basics.c:86',
    'basics.c:92',
    'add',
    'mix',
    'puts',
    'write',
  ],
  'shapes.cpp': ['shapes.cpp:38', 'shapes.cpp:43', 'geometry::Circle::area', 'twice<int>', 'grow', 'shapes.cpp:73'],
  'threads.c': ['look'],
};

/** Globals whose addresses are asked for at each stop. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'basics.c': ['counter', 'hidden', 'greeting', 'matrix', 'ticks', 'main', 'add'],
  'shapes.cpp': ['geometry::detail::hidden', 'geometry::Shape::alive', 'anonymous_counter'],
  'threads.c': ['odd', 'own', 'zeroed', 'environ', 'caught', 'padding'],
};

/** gdb drops the number of `sort.part.0`, and of two names for one address picks the other. */
const plain = (name: string | null | undefined): string =>
  (name ?? '?').replace(/\.\d+$/, '').replace('gsignal', 'raise');

/** What a frame is, for comparison. */
const describeFrame = (frame: Frame): string =>
  `${frame.pc.toString(16)} ${plain(frame.function?.name)} ${frame.location?.line ?? 0}${frame.inlined ? ' inlined' : ''}`;
const describeGdbFrame = (frame: GdbFrame): string =>
  `${BigInt(frame.pc).toString(16)} ${plain(frame.function)} ${frame.line}${frame.inlined ? ' inlined' : ''}`;

function describeValue(name: string, value: Value, integer: boolean, float: boolean): string {
  if (value.location.kind === 'optimizedOut') return `${name} lost`;
  // gdb tells where a reference leads.
  const address =
    value.type.kind === 'reference'
      ? bytesToInteger(value.bytes, false)
      : value.location.kind === 'memory'
        ? value.location.address
        : undefined;
  const place = address === undefined ? '' : ` at ${address.toString(16)}`;
  const signed = value.type.encoding === 'signed' || value.type.encoding === 'signedChar';
  const shown = integer ? bytesToInteger(value.bytes, signed).toString() : float ? String(floatOf(value.bytes)) : '';
  return `${name} ${value.type.name}${place} ${shown}`;
}

function describeGdbValue(fact: GdbVariable): string {
  if (fact.lost === true) return `${fact.name} lost`;
  const place = fact.address === undefined ? '' : ` at ${BigInt(fact.address).toString(16)}`;
  return `${fact.name} ${fact.type}${place} ${fact.value ?? fact.float ?? ''}`;
}

const floatOf = (bytes: Uint8Array): number => {
  const view = new DataView(bytes.slice().buffer);
  return bytes.length === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
};

function compareVariables(symbols: ProgramSymbols, frame: Frame, theirs: GdbFrame, context: EvaluationContext): void {
  const locals = symbols.localsAt(frame);
  const ours = theirs.variables.map((fact) => {
    const variable = locals.find(({ name }) => name === fact.name);
    if (!variable) return `${fact.name} missing`;
    const value = symbols.valueOf(variable, { ...context, frame });
    return describeValue(fact.name, value, fact.value !== undefined, fact.float !== undefined);
  });
  assert.deepStrictEqual(ours, theirs.variables.map(describeGdbValue), describeFrame(frame));
  // With link-time optimization gdb leaves out some of what only the origin declares: ours are readable or lost.
  const known = new Set(theirs.variables.map(({ name }) => name));
  for (const variable of locals.filter(({ name }) => !known.has(name))) {
    const { location, error } = symbols.valueOf(variable, { ...context, frame });
    assert.ok(location.kind === 'optimizedOut' || error === undefined, variable.name);
  }
}

for (const [source, flags] of Object.keys(SUBJECTS).flatMap((name) => VARIANTS.map((each) => [name, each] as const))) {
  describe(`stopped in ${source} built with ${flags.join(' ')}`, () => {
    const program = compile(source, flags);
    const snapshots = snapshotsOf(program, SUBJECTS[source], 16, NAMES[source]);

    it('stands in the frames that gdb shows', () => {
      assert.ok(snapshots.length > 1);
      for (const snapshot of snapshots) {
        const symbols = symbolsOf(snapshot, program);
        const frames = symbols.unwind(registersOf(snapshot), memoryOf(snapshot), 40);
        assert.deepStrictEqual(frames.map(describeFrame), snapshot.frames.map(describeGdbFrame));
      }
    });

    it('finds globals and thread-local variables where gdb finds them', () => {
      for (const snapshot of snapshots) {
        const symbols = symbolsOf(snapshot, program);
        const memory = memoryOf(snapshot);
        const [frame] = symbols.unwind(registersOf(snapshot), memory, 1);
        for (const [name, theirs] of Object.entries(snapshot.addresses)) {
          const context = { memory, frame, fsBase: BigInt(snapshot.fsBase) };
          if (!/^\d+$/.test(theirs)) {
            assert.throws(() => symbols.evaluate(`&${name}`, context), UserError);
            continue;
          }
          const value = symbols.evaluate(`&${name}`, context);
          assert.strictEqual(bytesToInteger(value.bytes, false).toString(), theirs, name);
        }
      }
    });

    it('finds the variables where gdb finds them', () => {
      for (const snapshot of snapshots) {
        const symbols = symbolsOf(snapshot, program);
        const memory = memoryOf(snapshot);
        const frames = symbols.unwind(registersOf(snapshot), memory, 40);
        frames.forEach((frame, index) => {
          compareVariables(symbols, frame, snapshot.frames[index], { memory, fsBase: BigInt(snapshot.fsBase) });
        });
      }
    });
  });
}
