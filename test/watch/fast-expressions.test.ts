// fast-expressions.test.ts: conditions over members, bits, elements, pointers and casts: what the machine computes is what
// the evaluator says, over memory that holds anything, some of which is not mapped.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { encodeNumberFunction, MET, NO_RESULT } from '../../adapter/machine/judge/number-function';
import {
  AT,
  NO_PART,
  PAGE_BYTES,
  PAGE_MAPPED,
  PAGE_SHIFT,
  PAGE_TABLE,
  RECORD,
  RECORD_SHIFT,
} from '../../adapter/machine/layout';
import { createProgramSymbols } from '../../adapter/symbols/load-symbols';
import type { Frame, ProgramSymbols, Value } from '../../adapter/symbols/program-symbols';
import { evaluateCondition } from '../../adapter/watch/condition';
import { FastCondition } from '../../adapter/watch/fast-condition';
import { splitRange } from '../../adapter/watch/split';

/** Low enough that the whole program fits a small memory. */
const END = 0x500000;
const STACK = 0x4f0000;
const [RBP, RSP, RIP] = [6, 7, 16];
const RBP_IN_SET = 5;

const MARKED = [
  'value',
  'other',
  'byte',
  'mask',
  'configs',
  'matrix',
  'record',
  'shorts',
  'handler',
  'first',
  'second',
];
const GLOBALS = [
  ...MARKED,
  'cfg',
  'walker',
  'point',
  'wide',
  'ratio',
  'slope',
  'flag',
  'mode',
  'letter',
  'table',
  'at',
  'cursor',
];
const WATCHED = [
  ...['value', 'first.level', 'first.balance', 'second.ready', 'record.part', 'record.rest', 'record', 'record.serial'],
  ...['point', 'wide', 'ratio', 'slope', 'flag', 'mode', 'letter', 'cfg', 'cursor', 'shorts', 'table', 'record.shorts'],
];

interface Trees {
  readonly number: string;
  readonly pointer: string;
  readonly place: string;
}

const NUMBERS: readonly string[] = [
  '0',
  '1',
  '-1',
  '3',
  '255',
  '4294967295u',
  '2147483648',
  '1.5',
  '2.5f',
  "'a'",
  'BUSY',
  'DONE',
  'true',
  'NULL',
];
const INTEGER_TYPES = [
  'char',
  'unsigned char',
  'short',
  'unsigned short',
  'int',
  'unsigned',
  'long',
  'unsigned long',
  '_Bool',
];
const TYPES = [...INTEGER_TYPES, 'float', 'double', 'enum mode', 'small'];
const BINARY = ['<', '>', '<=', '>=', '==', '!=', '&&', '||', '+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'];
const POINTER_TYPES = ['char *', 'int *', 'struct config *', 'struct record *', 'void *', 'long *'];

const MEMBERS = ['mode', 'ready', 'level', 'balance', 'next', 'tag', 'serial', 'part', 'rest', 'x', 'y', 'z'];

const { number: condition } = fc.letrec<Trees>((tie: fc.LetrecTypedTie<Trees>) => {
  const index = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('0', '1', '2', '3', 'at', 'value & 3') },
    tie('number'),
  );
  const places = [
    'value',
    'byte',
    'mask',
    'flag',
    'mode',
    'letter',
    'ratio',
    'slope',
    'at',
    'i',
    'handler',
    'wide',
    'argument',
  ];
  const structs = fc.oneof(
    fc.constantFrom('first', 'second', 'record', 'point', '$new', '$old', '*cfg', '*walker'),
    index.map((text) => `configs[${text}]`),
  );
  return {
    place: fc.oneof(
      { depthIdentifier: 'deep' },
      fc.constantFrom(...places, '$new', '$old', '$hits', '$thread'),
      fc.tuple(structs, fc.constantFrom(...MEMBERS)).map(([struct, member]) => `(${struct}).${member}`),
      fc.tuple(tie('pointer'), fc.constantFrom(...MEMBERS)).map(([pointer, member]) => `(${pointer})->${member}`),
      tie('pointer').map((pointer) => `*(${pointer})`),
      fc.tuple(tie('pointer'), index).map(([pointer, at]) => `(${pointer})[${at}]`),
      fc
        .tuple(fc.constantFrom('table', 'record.shorts', 'matrix[1]', '$new', '$old.shorts'), index)
        .map(([a, n]) => `${a}[${n}]`),
      fc.tuple(index, index).map(([a, b]) => `matrix[${a}][${b}]`),
    ),
    pointer: fc.oneof(
      { depthIdentifier: 'deep' },
      fc.constantFrom(
        'cfg',
        'walker',
        'cursor',
        'shorts',
        'table',
        'cfg->next',
        '$new',
        '$old',
        '&first',
        '&i',
        '0',
        'matrix',
      ),
      tie('place').map((place) => `&(${place})`),
      fc.tuple(tie('pointer'), fc.constantFrom('+', '-'), index).map(([a, sign, b]) => `(${a}) ${sign} (${b})`),
      fc.tuple(fc.constantFrom(...POINTER_TYPES), tie('pointer')).map(([type, a]) => `(${type})(${a})`),
      fc.tuple(fc.constantFrom(...POINTER_TYPES), tie('number')).map(([type, a]) => `(${type})(${a})`),
    ),
    number: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'deep' },
      fc.constantFrom<string>(...NUMBERS),
      tie('place'),
      tie('place'),
      tie('pointer'),
      fc
        .tuple(tie('number'), fc.constantFrom(...BINARY), tie('number'))
        .map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
      fc
        .tuple(tie('pointer'), fc.constantFrom('==', '-', '<', '&'), tie('pointer'))
        .map(([a, o, b]) => `(${a}) ${o} (${b})`),
      fc.tuple(fc.constantFrom('-', '!', '~', '+'), tie('number')).map(([operator, a]) => `${operator}(${a})`),
      fc.tuple(fc.constantFrom(...TYPES), tie('number')).map(([type, a]) => `(${type})(${a})`),
      fc.tuple(tie('number'), tie('number'), tie('number')).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
    ),
  };
});

/** What a pointer may hold: what is mapped, what is not, and anything. */
const anyWord = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  fc.constantFrom(0n, 1n, 255n, (1n << 64n) - 1n, 1n << 63n, BigInt(END) - 2n, BigInt(STACK)),
  fc.bigInt({ min: 0x400000n, max: BigInt(END) }),
);

describe('conditions over members, bits, elements, pointers and casts', () => {
  let folder: string;
  let symbols: ProgramSymbols;
  // Sparse: only what is touched takes room.
  const wasm = new WebAssembly.Memory({ initial: 65536, maximum: 65536 });
  const bytes = new Uint8Array(wasm.buffer);
  const view = new DataView(wasm.buffer);
  const isMapped = (address: number): boolean => (bytes[PAGE_TABLE + (address >>> PAGE_SHIFT)] & PAGE_MAPPED) !== 0;
  /** Up to the first byte that is not there. */
  const memory = {
    read: (address: bigint, lengthBytes: number): Uint8Array => {
      if (address >= BigInt(END) || address < 0n) return new Uint8Array();
      let end = Number(address);
      while (end < Number(address) + lengthBytes && isMapped(end)) end++;
      return bytes.slice(Number(address), end);
    },
  };

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'trapline-fast-'));
    const program = path.join(folder, 'conditions');
    execFileSync('gcc', ['-g', '-O0', '-no-pie', '-o', program, path.resolve('test/programs/conditions.c')]);
    symbols = createProgramSymbols();
    symbols.addModule(program, readFileSync(program), 0n, true);
    bytes.fill(PAGE_MAPPED, PAGE_TABLE + (0x400000 >>> PAGE_SHIFT), PAGE_TABLE + (END >>> PAGE_SHIFT));
    // A hole, right behind the stack's page.
    bytes[PAGE_TABLE + ((STACK + PAGE_BYTES) >>> PAGE_SHIFT)] = 0;
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const valueOf = (text: string): Value => symbols.evaluate(text, { memory });
  const addressOf = ({ location }: Value): number => (location.kind === 'memory' ? Number(location.address) : 0);

  /** In write_value, whose frame lies on the stack. */
  function frameAt(rbp: number): Frame {
    const rip = symbols.functionsNamed('write_value').at(0)?.afterPrologue ?? 0n;
    const registers = new Map([
      [RBP, BigInt(rbp)],
      [RSP, BigInt(rbp)],
      [RIP, rip],
    ]);
    view.setBigInt64(AT.gpr + 8 * RBP_IN_SET, BigInt(rbp), true);
    view.setBigInt64(AT.gpr + 8 * 4, BigInt(rbp), true);
    return symbols.unwind((register) => registers.get(register), memory, 1)[0];
  }

  interface Moment {
    readonly watched: Value;
    readonly old: Uint8Array;
    readonly frame: Frame;
  }

  /** As the judge finds it: one record after the other for the parts. */
  function decided(text: string, { watched, old, frame }: Moment): 'true' | 'false' | 'error' | undefined {
    const { type, bitOffset, bitSize } = watched;
    const address = addressOf(watched);
    const parts = splitRange(BigInt(address), type.sizeBytes).map(({ lengthBytes }) => lengthBytes);
    const bits = bitSize === undefined ? {} : { bitOffset, bitSize };
    const place = { writer: 'write_value', location: 'conditions.c:50' };
    const at = { frame, place };
    const code = new FastCondition(text).bind({ symbols, memory, watched: { type, parts, ...bits }, at });
    if (code === undefined) return undefined;
    let offset = 0;
    for (const [n, length] of parts.entries()) {
      const record = n << RECORD_SHIFT;
      view.setInt32(RECORD.nextPart + record, n + 1 < parts.length ? (n + 1) << RECORD_SHIFT : NO_PART, true);
      for (const [field, from] of [
        [RECORD.before, old.subarray(offset)],
        [RECORD.now, bytes.slice(address + offset, address + offset + length)],
      ] as const) {
        bytes.fill(0, field + record, field + record + 8);
        bytes.set(from.subarray(0, length), field + record);
      }
      offset += length;
    }
    view.setBigInt64(AT.thread, 7n, true);
    view.setBigInt64(RECORD.hitsBefore, 2n, true);
    const module = new WebAssembly.Module(encodeNumberFunction(code).buffer as ArrayBuffer);
    const test = new WebAssembly.Instance(module, { e: { m: wasm } }).exports['f0'] as (condition: number) => number;
    const result = test(0);
    return result === NO_RESULT ? 'error' : result === MET ? 'true' : 'false';
  }

  function evaluated(text: string, { watched, old, frame }: Moment) {
    const { type, bitOffset, bitSize } = watched;
    const address = addressOf(watched);
    const bits = bitSize === undefined ? {} : { bitOffset, bitSize };
    const held = (of: Uint8Array): Value => ({ type, location: { kind: 'value', bytes: of }, bytes: of, ...bits });
    const long = (number: bigint): Value => {
      const own = new Uint8Array(8);
      new DataView(own.buffer).setBigInt64(0, number, true);
      const longType = { kind: 'base', name: 'long', sizeBytes: 8, encoding: 'signed' } as const;
      return { type: longType, location: { kind: 'value', bytes: own }, bytes: own };
    };
    const convenience = new Map<string, Value>([
      ['old', held(old.slice(0, type.sizeBytes))],
      ['new', held(bytes.slice(address, address + type.sizeBytes))],
      ['thread', long(7n)],
      ['hits', long(3n)],
    ]);
    return evaluateCondition(symbols, text, { memory, frame, convenience });
  }

  const contents = fc.record({
    words: fc.array(anyWord, { minLength: 40, maxLength: 40 }),
    old: fc.uint8Array({ minLength: 64, maxLength: 64 }),
    depth: fc.integer({ min: 8, max: 500 }),
    watched: fc.constantFrom(...WATCHED),
  });

  function fill(words: readonly bigint[]): void {
    let n = 0;
    for (const name of GLOBALS) {
      const value = valueOf(name);
      const from = addressOf(value);
      for (let at = from; at + 8 <= from + Math.max(8, value.type.sizeBytes); at += 8) {
        view.setBigUint64(at, words[n++ % words.length], true);
      }
    }
  }

  it('know what is a type', () => {
    fill([1n, 2n, 3n]);
    const moment: Moment = { watched: valueOf('value'), old: new Uint8Array(8), frame: frameAt(STACK + 64) };
    view.setInt32(moment.watched.location.kind === 'memory' ? Number(moment.watched.location.address) : 0, 200, true);
    assert.equal(decided('(small)$new == -56', moment), 'true');
    assert.equal(decided('(small) - 1 == -1', moment), 'true', 'a cast of -1');
    assert.equal(decided('(value) - 1 == 199', moment), 'true', 'a variable');
    assert.equal(decided('(nothing)$new == 1', moment), undefined);
  });

  it('compare integers of 16 bytes', () => {
    const halves = [0n, 1n, 5n, (1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 5n, (1n << 64n) - 1n];
    const sides = ['wide', 'huge', '$new', '$old', 'mask', 'other', '0', '-1', '5', '-5', '5u', 'BUSY / at'];
    const seen = new Set<string>();
    const half = fc.constantFrom(...halves);
    fc.assert(
      fc.property(
        fc.constantFrom('wide', 'huge'),
        fc.tuple(fc.constantFrom('wide', 'huge', '$new', '$old'), fc.constantFrom(...sides), fc.boolean()),
        fc.constantFrom('<', '>', '<=', '>=', '==', '!='),
        fc.array(half, { minLength: 8, maxLength: 8 }),
        (watched, [wide, side, isFirst], operator, words) => {
          ['wide', 'huge'].forEach((name, n) => {
            view.setBigUint64(addressOf(valueOf(name)), words[2 * n], true);
            view.setBigUint64(addressOf(valueOf(name)) + 8, words[2 * n + 1], true);
          });
          view.setBigUint64(addressOf(valueOf('mask')), words[4], true);
          view.setInt8(addressOf(valueOf('other')), Number(BigInt.asIntN(8, words[5])));
          view.setInt32(addressOf(valueOf('at')), Number(BigInt.asIntN(32, words[5])), true);
          const old = new Uint8Array(new BigUint64Array(words.slice(6)).buffer);
          const moment: Moment = { watched: valueOf(watched), old, frame: frameAt(STACK + 64) };
          const text = isFirst ? `${wide} ${operator} ${side}` : `${side} ${operator} ${wide}`;
          const truth = decided(text, moment);
          assert.equal(truth, evaluated(text, moment).kind, `${watched}: ${text}: ${words.join(' ')}`);
          seen.add(truth);
        },
      ),
      { numRuns: 1500 },
    );
    assert.deepEqual([...seen].sort(), ['error', 'false', 'true']);
  });

  it('are decided as the evaluator decides them', () => {
    let [all, compared, failed, left] = [0, 0, 0, 0];
    fc.assert(
      fc.property(condition, contents, (text, { words, old, depth, watched }) => {
        fill(words);
        const frame = frameAt(STACK + 8 * depth);
        view.setInt32(STACK + 8 * depth - 4, Number(words[0] & 3n), true);
        const moment: Moment = { watched: valueOf(watched), old, frame };
        const truth = decided(text, moment);
        const expected = evaluated(text, moment);
        if (expected.kind !== 'error') all++;
        if (truth === undefined) return;
        compared++;
        if (truth === 'error') failed++;
        // The machine may leave to the evaluator what is very large.
        if (truth === 'error' && expected.kind !== 'error') left++;
        else
          assert.equal(truth, expected.kind, `${watched}: ${text}: ${expected.kind === 'error' ? expected.why : ''}`);
      }),
      { numRuns: Number(process.env.TRAPLINE_FAST_RUNS ?? 1500) },
    );
    assert.ok(compared > all * 0.7, `${compared} of ${all} were bound`);
    assert.ok(left < compared / 100, `${left} of ${compared} were left to the evaluator`);
    assert.ok(failed > compared / 50, `${failed} of ${compared} had no result`);
  });
});
