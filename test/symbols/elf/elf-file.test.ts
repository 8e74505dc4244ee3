import * as assert from 'node:assert';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseElf } from '../../../adapter/symbols/elf/elf-file';
import { neededLibraries } from '../../../adapter/symbols/elf/needed-libraries';
import { isAllocated } from '../../../adapter/symbols/elf/sections';
import { UserError } from '../../../adapter/util/user-error';
import { bytesOf, compile, run } from '../support/programs';

const VARIANTS: readonly (readonly string[])[] = [
  ['-g', '-O0', '-static'],
  ['-g', '-O0', '-static-pie'],
  ['-g', '-O1', '-pie', '-fPIE'],
  ['-g', '-O1', '-no-pie'],
  ['-g', '-O0', '-shared', '-fPIC'],
];

const hex = (text: string): number => Number.parseInt(text, 16);

for (const flags of VARIANTS) {
  describe(`ELF built with ${flags.join(' ')}`, () => {
    const file = compile('basics.c', flags);
    const elf = parseElf(file, bytesOf(file));

    it('needs the libraries that readelf names, however much of the file is there', () => {
      const theirs = [...run('readelf', '-dW', file).matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, name]) => name);
      assert.deepStrictEqual(neededLibraries(elf), theirs);
      const section = elf.section('.dynamic');
      if (section === undefined) return;
      for (let cut = 0; cut < section.sizeBytes; cut += 7) {
        const bytes = bytesOf(file).slice();
        bytes.fill(0xff, section.fileOffset + cut, section.fileOffset + section.sizeBytes);
        const names = neededLibraries(parseElf(file, bytes));
        assert.deepStrictEqual(names, theirs.slice(0, names.length));
      }
    });

    it('has the segments that readelf sees', () => {
      const theirs = [...run('readelf', '-lW', file).matchAll(/^ {2}[A-Z_]+ +(0x\w+) (0x\w+) 0x\w+ (0x\w+) (0x\w+)/gm)];
      const seen = theirs.map(([, offset, address, inFile, inMemory]) =>
        [offset, address, inFile, inMemory].map(Number),
      );
      const ours = elf.programHeaders.map((segment) => [
        segment.fileOffset,
        segment.virtualAddress,
        segment.fileSizeBytes,
        segment.memorySizeBytes,
      ]);
      assert.ok(seen.length > 4);
      assert.deepStrictEqual(ours, seen);
      const entry = /Entry point address: +(0x\w+)/.exec(run('readelf', '-h', file))?.[1];
      assert.strictEqual(elf.header.entry, Number(entry));
    });

    it('has the sections that readelf sees', () => {
      const lines = [...run('readelf', '-SW', file).matchAll(/^ +\[ *\d+\] (\S*) +[A-Z_]+ +(\w{16}) (\w+) (\w+)/gm)];
      const ours = elf.sections;
      assert.deepStrictEqual(
        ours.map(({ name, address, fileOffset, sizeBytes }) => [name, address, fileOffset, sizeBytes]),
        lines.map(([, name, address, offset, size]) => [name, hex(address), hex(offset), hex(size)]),
      );
      assert.ok(ours.some(isAllocated));
    });

    it('has the symbols that readelf sees', () => {
      const lines = [
        ...run('readelf', '-sW', file).matchAll(/^ +\d+: (\w{16}) +(\w+) (\w+) +\w+ +\w+ +(\w+)(?: (\S+))?/gm),
      ];
      const key = (name: string, value: number): string => `${name} ${value.toString(16)}`;
      const theirs = new Set(lines.map(([, value, , , , name]) => key((name as string | undefined) ?? '', hex(value))));
      const ours = elf.symbols().filter(({ type }) => type === 'function' || type === 'object');
      assert.ok(ours.length > 15);
      const strip = /@.*$/;
      const known = new Set([...theirs].map((text) => text.replace(/@\S*/, '')));
      for (const symbol of ours) {
        assert.ok(known.has(key(symbol.name.replace(strip, ''), symbol.value)), symbol.name);
      }
      assert.ok(ours.some(({ name, fileName }) => name === 'compare' && fileName === 'basics.c'));
    });

    it('has the interpreter and the build id that readelf sees', () => {
      const wanted = /Requesting program interpreter: (\S+)\]/.exec(run('readelf', '-lW', file))?.[1];
      assert.strictEqual(elf.interpreter, wanted);
      assert.strictEqual(elf.buildId, /Build ID: (\w+)/.exec(run('readelf', '-n', file))?.[1]);
    });
  });
}

describe('compressed debug sections', () => {
  it('are the same as uncompressed ones', () => {
    const plain = compile('basics.c', ['-g', '-O1']);
    const packed = path.join(os.tmpdir(), `trapline-packed-${process.pid}`);
    run('objcopy', '--compress-debug-sections=zlib', plain, packed);
    after(() => {
      fs.rmSync(packed, { force: true });
    });
    const ours = parseElf(packed, bytesOf(packed));
    const theirs = parseElf(plain, bytesOf(plain));
    assert.notStrictEqual(ours.section('.debug_info')?.sizeBytes, theirs.section('.debug_info')?.sizeBytes);
    assert.deepStrictEqual(ours.sectionBytes('.debug_info'), theirs.sectionBytes('.debug_info'));
  });
});

describe('files that are no x86-64 program', () => {
  const file = compile('basics.c', ['-g', '-O0', '-static']);
  const good = bytesOf(file);
  const changed = (at: number, value: number): Uint8Array => {
    const copy = good.slice();
    copy[at] = value;
    return copy;
  };
  const cases: readonly [string, Uint8Array, string][] = [
    ['an empty file', new Uint8Array(), 'elf.empty'],
    ['a text', new TextEncoder().encode('int main(void) {}'), 'elf.notElf'],
    ['a script', new TextEncoder().encode('#!/bin/sh\n'), 'elf.notElf'],
    ['a 32-bit program', changed(4, 1), 'elf.not64Bit'],
    ['a big-endian program', changed(5, 2), 'elf.bigEndian'],
    ['an ARM program', changed(18, 183), 'elf.machine'],
    ['a header cut short', good.slice(0, 40), 'elf.truncated'],
    ['a program cut short', good.slice(0, 5000), 'elf.truncated'],
    ['an unknown type', changed(16, 9), 'elf.bad'],
  ];
  for (const [what, bytes, code] of cases) {
    it(`${what} is refused with a message that says what to do`, () => {
      assert.throws(
        () => parseElf('prog', bytes),
        (error) => error instanceof UserError && error.code === code && error.message.includes('`prog`'),
      );
    });
  }

  it('cut at any byte gives a UserError or facts, never a crash', () => {
    const small = bytesOf(compile('basics.c', ['-O0', '-shared', '-fPIC', '-s', '-nostdlib']));
    for (let length = 0; length < small.length; length += length < 2048 ? 1 : 13) {
      try {
        const elf = parseElf('prog', small.slice(0, length));
        assert.strictEqual(elf.interpreter, undefined);
        assert.ok(elf.buildId === undefined || elf.buildId.length === 40);
        for (const section of elf.sections) elf.contentsOf(section);
        elf.symbols(true);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
      }
    }
  });
});
