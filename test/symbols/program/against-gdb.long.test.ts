// The same questions to gdb and to us, about the same binaries.

import * as assert from 'node:assert';
import { createProgramSymbols } from '../../../adapter/symbols/load-symbols';
import type { ProgramSymbols } from '../../../adapter/symbols/program-symbols';
import { bytesOf, compile, gdbFacts, sourceOf, VARIANTS } from '../support/programs';

interface Subject {
  readonly name: string;
  readonly types: readonly string[];
  readonly functions: readonly string[];
  readonly lines: readonly [number, number];
}

const SUBJECTS: readonly Subject[] = [
  {
    name: 'basics.c',
    types: ['struct point', 'struct flags', 'union number', 'struct node', 'enum color', 'word'],
    functions: ['main', 'compare', 'factorial', 'add', 'mix', 'square'],
    lines: [48, 111],
  },
  {
    name: 'shapes.cpp',
    types: ['geometry::Point', 'geometry::Kind'],
    functions: ['main', 'geometry::Circle::area', 'grow', 'twice<int>', 'twice<double>', 'twice'],
    // Line 25 is left out: at -O2 it lies in main's cold part, and gdb moves it to main's entry, which is another line.
    lines: [26, 75],
  },
];

function load(program: string): ProgramSymbols {
  const symbols = createProgramSymbols();
  symbols.addModule(program, bytesOf(program), 0n, true);
  return symbols;
}

/** Every address of the program's own functions. */
function ownAddresses(symbols: ProgramSymbols, functions: readonly string[]): bigint[] {
  const ranges = functions.flatMap((name) => symbols.functionsNamed(name));
  const addresses = new Set<bigint>();
  for (const { low, high } of ranges) for (let pc = low; pc < high; pc++) addresses.add(pc);
  return [...addresses];
}

for (const [subject, flags] of SUBJECTS.flatMap((each) => VARIANTS.map((variant) => [each, variant] as const))) {
  describe(`${subject.name} built with ${flags.join(' ')}`, () => {
    const program = compile(subject.name, flags);
    const source = sourceOf(subject.name);
    const symbols = load(program);

    it('knows the line of every instruction as gdb does', () => {
      const addresses = ownAddresses(symbols, subject.functions);
      const facts = gdbFacts(program, { places: addresses.map(Number) }).places as {
        path: string | null;
        line: number;
        function: string | null;
      }[];
      assert.ok(addresses.length > 200);
      const ours = addresses.map((pc) => [pc.toString(16), symbols.locationOf(pc)?.line, symbols.functionAt(pc)?.name]);
      const theirs = addresses.map((pc, index) => [pc.toString(16), facts[index].line, symbols.functionAt(pc)?.name]);
      assert.deepStrictEqual(ours, theirs);
      assert.strictEqual(symbols.locationOf(addresses[0])?.path, source);
    });

    it('breaks on lines and functions where gdb does', () => {
      const [first, last] = subject.lines;
      const lines = Array.from({ length: last - first + 1 }, (_, index) => first + index);
      const specs = [...lines.map((line) => `${subject.name}:${line}`), ...subject.functions];
      const theirs = gdbFacts(program, { breaks: specs }).breaks as Record<string, number[]>;
      const hex = (addresses: readonly (bigint | number)[]): string =>
        [...new Set(addresses.map((address) => Number(address)))]
          .sort((a, b) => a - b)
          .map((a) => a.toString(16))
          .join(' ');
      const differences: string[] = [];
      for (const spec of specs) {
        const line = Number(spec.startsWith(subject.name) ? spec.split(':').at(1) : NaN);
        const ours = Number.isNaN(line)
          ? symbols.functionsNamed(spec).map(({ afterPrologue }) => afterPrologue)
          : symbols.addressesOfLine(source, line).addresses;
        if (hex(ours) !== hex(theirs[spec])) differences.push(`${spec}: ours ${hex(ours)}, gdb ${hex(theirs[spec])}`);
      }
      assert.deepStrictEqual(differences, []);
    });

    it('lays types out as gdb does', () => {
      const theirs = gdbFacts(program, { types: subject.types }).types as Record<string, unknown>;
      for (const name of subject.types) {
        const type = symbols.typeNamed(name);
        assert.ok(type, name);
        const fields = (type.members ?? []).map((member) => ({
          name: member.name === '' ? null : member.name,
          bit: member.offsetBytes * 8 + (member.bitOffset ?? 0),
          bits: member.bitSize ?? 0,
          type: member.type.name,
          size: member.type.sizeBytes,
        }));
        assert.deepStrictEqual({ name: type.name, size: type.sizeBytes, fields }, theirs[name]);
      }
    });
  });
}
