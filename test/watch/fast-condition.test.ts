import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { createProgramSymbols } from '../../adapter/symbols/load-symbols';
import type { NumberCode } from '../../adapter/judging/number-code';
import { encodeNumberFunction, MET, NO_RESULT } from '../../adapter/machine/judge/number-function';
import { AT, PAGE_MAPPED, PAGE_SHIFT, PAGE_TABLE, RECORD } from '../../adapter/machine/layout';
import type { Frame, ProgramSymbols, Value } from '../../adapter/symbols/program-symbols';
import { UserError } from '../../adapter/util/user-error';
import { evaluateCondition } from '../../adapter/watch/condition';
import { FastCondition } from '../../adapter/watch/fast-condition';

/** Low enough that the whole program fits a small memory. */
const END = 0x500000;
const STACK = 0x4f0000;
const [RBP, RSP, RIP] = [6, 7, 16];
const NAMES = ['c8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64', 'u64', 'f32', 'f64', 'paint', 'rights', 'truth', 'text'];
const PARTS = ['both.x', 'both.y', 'table[2]', '*(table + 1)', '&both', 'RED', 'BLUE', 'sizeof both', "'a'", '$thread'];
const WATCHED = ['$old', '$new', '$hits'];
const NUMBERS = [
  '0',
  '1',
  '-1',
  '7',
  '255',
  '65536',
  '2147483648',
  '4294967295u',
  '9007199254740993',
  '1.5',
  '2.5f',
  '0x7fffffffffffffff',
];
const BINARY = ['<', '>', '<=', '>=', '==', '!=', '&&', '||', '+', '-', '*', '/', '%', '&', '|', '^'];

/** Numbers at the edges of the types, and any. */
const anyBytes = fc.oneof(
  fc.uint8Array({ minLength: 8, maxLength: 8 }),
  fc.constantFrom(0n, 1n, 2n, 255n, -1n, 1n << 31n, (1n << 53n) + 1n, 1n << 63n).map((value) => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value), true);
    return bytes;
  }),
);

const leaf = fc.constantFrom(...NAMES, ...PARTS, ...WATCHED, ...NUMBERS);
const expression = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'tree' },
    leaf,
    fc
      .tuple(tie('tree'), fc.constantFrom(...BINARY), tie('tree'))
      .map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
    fc.tuple(fc.constantFrom('-', '!', '~'), tie('tree')).map(([operator, a]) => `${operator}(${a})`),
    fc.tuple(tie('tree'), tie('tree'), tie('tree')).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
  ),
})).tree;

describe('conditions that are bound once', () => {
  let folder: string;
  let symbols: ProgramSymbols;
  let frame: Frame;
  // Sparse: only what is touched takes room.
  const wasm = new WebAssembly.Memory({ initial: 65536, maximum: 65536 });
  const { buffer } = wasm;
  const memoryView = new DataView(buffer);
  const memory = {
    read: (address: bigint, lengthBytes: number) =>
      address >= BigInt(END) || address < 0n
        ? new Uint8Array()
        : new Uint8Array(buffer.slice(Number(address), Number(address) + lengthBytes)),
  };

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'trapline-fast-'));
    const program = path.join(folder, 'numbers');
    execFileSync('gcc', ['-g', '-O0', '-no-pie', '-o', program, path.resolve('test/programs/numbers.c')]);
    symbols = createProgramSymbols();
    symbols.addModule(program, readFileSync(program), 0n, true);
    const writer = symbols.functionsNamed('write_i32').at(0)?.afterPrologue ?? 0n;
    const [found] = symbols.unwind((register) => (register === 16 ? writer : 0x4000n), memory, 1);
    frame = found;
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const addressOf = (name: string): bigint => {
    const { location } = symbols.evaluate(name, { memory });
    if (location.kind !== 'memory') throw new Error(`${name} lies in memory`);
    return location.address;
  };

  interface Moment {
    readonly watched: string;
    readonly old: Uint8Array;
    readonly thread: number;
    readonly hits: number;
    readonly place?: { readonly writer: string; readonly location: string };
  }

  function bound(text: string, moment: Moment): NumberCode | undefined {
    const value = symbols.evaluate(moment.watched, { memory });
    const at = { frame, place: moment.place ?? { writer: 'write_i32', location: 'numbers.c:33' } };
    return new FastCondition(text).bind({
      symbols,
      memory,
      watched: { type: value.type, parts: [value.type.sizeBytes] },
      at,
    });
  }

  /** As the machine's judge does it. */
  function computed(code: NumberCode, moment: Moment): 'true' | 'false' | 'error' {
    const module = new WebAssembly.Module(encodeNumberFunction(code).buffer as ArrayBuffer);
    const test = new WebAssembly.Instance(module, { e: { m: wasm } }).exports['f0'] as (condition: number) => number;
    new Uint8Array(buffer).set(moment.old, RECORD.before);
    const now = symbols.evaluate(moment.watched, { memory }).bytes;
    new Uint8Array(buffer).set(now, RECORD.now);
    memoryView.setBigInt64(AT.thread, BigInt(moment.thread), true);
    memoryView.setBigInt64(RECORD.hitsBefore, BigInt(moment.hits) - 1n, true);
    const result = test(0);
    return result === NO_RESULT ? 'error' : result === MET ? 'true' : 'false';
  }

  function decided(text: string, moment: Moment): 'true' | 'false' | 'error' | undefined {
    const code = bound(text, moment);
    return code === undefined ? undefined : computed(code, moment);
  }

  function evaluated(text: string, moment: Moment) {
    const now = symbols.evaluate(moment.watched, { memory });
    const long = (number: number): Value => {
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setBigInt64(0, BigInt(number), true);
      const type = { kind: 'base', name: 'long', sizeBytes: 8, encoding: 'signed' } as const;
      return { type, location: { kind: 'value', bytes }, bytes };
    };
    const old = moment.old.slice(0, now.bytes.length);
    const convenience = new Map<string, Value>([
      ['old', { type: now.type, location: { kind: 'value', bytes: old }, bytes: old }],
      ['new', now],
      ['thread', long(moment.thread)],
      ['hits', long(moment.hits)],
    ]);
    return evaluateCondition(symbols, text, { memory, frame, convenience });
  }

  it('are decided as the evaluator decides them', () => {
    let [all, compared, left] = [0, 0, 0];
    fc.assert(
      fc.property(
        expression,
        fc.array(anyBytes, { minLength: 20, maxLength: 20 }),
        fc.constantFrom(...NAMES),
        anyBytes,
        (text, contents, watched, old) => {
          for (const [n, name] of [...NAMES, 'both', 'table', 'table[2]'].entries()) {
            new Uint8Array(buffer).set(contents[n], Number(addressOf(name)));
          }
          const moment: Moment = { watched, old, thread: 7, hits: 3 };
          all++;
          const truth = decided(text, moment);
          if (truth === undefined) return;
          compared++;
          const expected = evaluated(text, moment);
          // The machine may leave to the evaluator what is very large.
          if (truth === 'error' && expected.kind !== 'error') left++;
          else assert.equal(truth, expected.kind, `${text}: ${expected.kind === 'error' ? expected.why : ''}`);
        },
      ),
      { numRuns: Number(process.env.TRAPLINE_FAST_RUNS ?? 1500) },
    );
    assert.ok(compared > all / 3, `${compared} of ${all} were bound`);
    assert.ok(left < compared / 10, `${left} of ${compared} were left to the evaluator`);
  });

  it('know who wrote, and where', () => {
    const moment: Moment = { watched: 'i32', old: new Uint8Array(8), thread: 1, hits: 1 };
    assert.equal(decided('$writer == "write_i32"', moment), 'true');
    assert.equal(decided('$writer != "main" && $location == "numbers.c:33"', moment), 'true');
    assert.equal(decided('$writer == "main" || $thread == 2', moment), 'false');
  });

  it('have locals of the function that accesses', () => {
    const moment: Moment = { watched: 'i32', old: new Uint8Array(8), thread: 1, hits: 1 };
    const rip = symbols.functionsNamed('write_i32').at(0)?.afterPrologue ?? 0n;
    memoryView.setUint8(PAGE_TABLE + (STACK >>> PAGE_SHIFT), PAGE_MAPPED);
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: 500 }),
        fc.integer({ min: -3, max: 3 }),
        fc.constantFrom(-1, 0, 2),
        (depth, value, other) => {
          const rbp = STACK + 8 * depth;
          const registers = new Map([
            [RBP, BigInt(rbp)],
            [RSP, BigInt(rbp)],
            [RIP, rip],
          ]);
          [frame] = symbols.unwind((register) => registers.get(register), memory, 1);
          const place = symbols.evaluate('value', { memory, frame }).location;
          assert.ok(place.kind === 'memory');
          memoryView.setInt32(Number(place.address), value, true);
          memoryView.setBigInt64(AT.gpr + 8 * 5, BigInt(rbp), true);
          memoryView.setBigInt64(AT.gpr + 8 * 4, BigInt(rbp), true);
          for (const text of [`value == ${other}`, `value + 1 < ${other} || i32 > value`, `${other} / value > 0`]) {
            assert.equal(decided(text, moment), evaluated(text, moment).kind, text);
          }
        },
      ),
      { numRuns: 50 },
    );
    memoryView.setUint8(PAGE_TABLE + (STACK >>> PAGE_SHIFT), 0);
    assert.equal(decided('value == 0', moment), 'error', 'memory that is not mapped');
  });

  it('leave to the evaluator what is no number, or would change something', () => {
    const moment: Moment = { watched: 'i32', old: new Uint8Array(8), thread: 1, hits: 1 };
    for (const text of [
      '$rax == 0',
      'both.x = 3',
      'nothing',
      '$new >',
      '',
      'i32++',
      'both',
      'text == "a"',
      '(struct pair)i32',
    ]) {
      assert.equal(bound(text, moment), undefined, text);
    }
    assert.notEqual(bound('hidden == 9', moment), undefined, 'a static of the file');
  });

  it('are never wrong about text, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        try {
          bound(text, { watched: 'i32', old: new Uint8Array(8), thread: 1, hits: 1 });
        } catch (error) {
          assert.ok(error instanceof UserError, String(error));
        }
      }),
      { numRuns: 300 },
    );
  });
});
