// Damaged debug information: every section cut at each byte, and random bytes changed. Only a UserError or missing
// facts may come of it, and soon.

import * as assert from 'node:assert';
import * as fc from 'fast-check';
import { createProgramSymbols } from '../../../adapter/symbols/load-symbols';
import { parseElf } from '../../../adapter/symbols/elf/elf-file';
import type { MemoryReader, ProgramSymbols } from '../../../adapter/symbols/program-symbols';
import { UserError } from '../../../adapter/util/user-error';
import { bytesOf, compile, sourceOf } from '../support/programs';

const FLAGS = ['-nostdlib', '-nostartfiles', '-static', '-fno-stack-protector'];
const memory: MemoryReader = { read: (_, lengthBytes) => new Uint8Array(Math.min(lengthBytes, 4096)) };
/** At each byte takes a minute. */
const EVERY_BYTE = process.env.TRAPLINE_SYMBOLS_ALL !== undefined;
const RUNS = Number(process.env.TRAPLINE_SYMBOLS_DAMAGE ?? 150);

/** Asks for a little of everything. */
function askAll(symbols: ProgramSymbols): void {
  const low = symbols.functionsNamed('sum').at(0)?.low ?? 0x401000n;
  symbols.sourceFiles();
  for (let line = 20; line < 36; line += 3) symbols.addressesOfLine(sourceOf('small.c'), line);
  for (let pc = low; pc < low + 64n; pc += 9n) {
    symbols.symbolize(pc);
    symbols.lineRange(pc);
    const registers = (dwarfNumber: number): bigint => (dwarfNumber === 16 ? pc : 0x7fff0000n);
    for (const frame of symbols.unwind(registers, memory, 4)) {
      for (const variable of symbols.localsAt(frame)) {
        const value = symbols.valueOf(variable, { memory, frame, fsBase: 0x1000n });
        symbols.format(value, memory);
      }
    }
  }
  for (const variable of symbols.globals()) symbols.format(symbols.valueOf(variable, { memory }), memory);
  const pair = symbols.typeNamed('struct pair');
  assert.ok((pair?.members?.length ?? 0) >= 0);
  symbols.functionsNamed('half').map(({ afterPrologue }) => afterPrologue);
}

function survives(bytes: Uint8Array, what: string): void {
  const started = performance.now();
  try {
    const symbols = createProgramSymbols();
    symbols.addModule('small', bytes, 0n, true);
    askAll(symbols);
  } catch (error) {
    if (!(error instanceof UserError)) {
      throw new Error(`${what}: ${String(error)}`, { cause: error });
    }
    assert.ok(error.message.length > 20);
  }
  assert.ok(performance.now() - started < 2000, `${what}: took ${performance.now() - started} ms`);
}

/** The file with one section's size changed in the section table. */
function withSectionCut(bytes: Uint8Array, index: number, sizeBytes: number): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const table = Number(view.getBigUint64(40, true));
  view.setBigUint64(table + index * 64 + 32, BigInt(sizeBytes), true);
  return copy;
}

for (const flags of [
  ['-O0', '-gdwarf-4'],
  ['-O2', '-gdwarf-5'],
  ['-O1', '-gdwarf-5', '-fdebug-types-section'],
]) {
  describe(`damaged debug information, ${flags.join(' ')}`, () => {
    const good = bytesOf(compile('small.c', [...flags, ...FLAGS]));
    const sections = parseElf('small', good).sections.filter(({ name }) =>
      /^\.(debug|eh_frame|symtab|strtab)/.test(name),
    );

    it('answers when it is whole', () => {
      const symbols = createProgramSymbols();
      symbols.addModule('small', good, 0n, true);
      askAll(symbols);
      assert.deepStrictEqual(
        symbols
          .globals()
          .map(({ name }) => name)
          .sort(),
        ['head', 'level', 'own', 'table'],
      );
    });

    it('is survived with each section cut at each byte', () => {
      for (const section of sections) {
        const step = EVERY_BYTE ? 1 : 17;
        for (let size = section.sizeBytes % step; size < section.sizeBytes; size += step) {
          survives(withSectionCut(good, section.index, size), `${section.name} cut at ${size}`);
        }
      }
    }).timeout(60_000);

    it('is survived with bytes changed at random', () => {
      const place = fc.record({
        section: fc.constantFrom(...sections),
        where: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        value: fc.integer({ min: 0, max: 255 }),
      });
      fc.assert(
        fc.property(fc.array(place, { minLength: 1, maxLength: 4 }), (changes) => {
          const copy = good.slice();
          for (const { section, where, value } of changes) {
            copy[section.fileOffset + Math.floor(where * section.sizeBytes)] = value;
          }
          survives(copy, JSON.stringify(changes));
        }),
        { numRuns: RUNS },
      );
    }).timeout(60_000);
  });
}
