// Stacks without the help of frame information.

import * as assert from 'node:assert';
import { createProgramSymbols } from '../../../adapter/symbols/load-symbols';
import type { FrameRegisters } from '../../../adapter/symbols/program-symbols';
import { bytesOf, compile } from '../support/programs';
import { memoryOf, registersOf, snapshotsOf, symbolsOf } from '../support/snapshot';

const RBP = 6;
const RIP = 16;

describe('a stack', () => {
  const program = compile('basics.c', ['-O0', '-gdwarf-4', '-no-pie']);
  const [entered] = snapshotsOf(program, ['*factorial', 'basics.c:67'], 2);
  const names = (registers: FrameRegisters, without = ''): string[] => {
    const symbols = without === '' ? symbolsOf(entered, program) : createProgramSymbols();
    if (without !== '') symbols.addModule(program, withoutSections(bytesOf(program), without), 0n, true);
    return symbols.unwind(registers, memoryOf(entered), 20).map((frame) => frame.function?.name ?? '?');
  };

  it('is walked from a call to nowhere', () => {
    const registers = registersOf(entered);
    const called = names((number) => (number === RIP ? 0n : registers(number)));
    assert.deepStrictEqual(called.slice(0, 2), ['?', 'main']);
  });

  it('is walked by rbp where there is no frame information', () => {
    // The name of the section is all that tells it is there.
    assert.deepStrictEqual(names(registersOf(entered), '.eh_frame').slice(0, 2), ['factorial', 'main']);
  });

  it('ends where rbp leads nowhere', () => {
    const registers = registersOf(entered);
    const inside = (registers(RIP) ?? 0n) + 4n;
    const lost = names((number) => (number === RBP ? 0n : number === RIP ? inside : registers(number)), '.eh_frame');
    assert.deepStrictEqual(lost, ['factorial']);
  });

  it('is no longer than asked', () => {
    const symbols = symbolsOf(entered, program);
    assert.strictEqual(symbols.unwind(registersOf(entered), memoryOf(entered), 1).length, 1);
    assert.strictEqual(symbols.unwind(() => undefined, memoryOf(entered), 5).length, 0);
  });
});

/** The file with a section's name changed in the string table. */
function withoutSections(bytes: Uint8Array, name: string): Uint8Array {
  const copy = bytes.slice();
  const text = Buffer.from(copy.buffer, copy.byteOffset, copy.length);
  const at = text.lastIndexOf(`\0${name}\0`);
  assert.ok(at > 0);
  copy[at + 2] = 0x58;
  return copy;
}
