// against-gdb.test.ts: the same expressions to gdb and to us, in the same frame of the same program.
//
// Compared: the type, the number of scalars, the text where both write alike. Where C and gdb differ (gdb's sizeof is
// an int, its bit-fields are not promoted), c-semantics.test.ts has the truth, and the expression is not here.

import { execFileSync } from 'node:child_process';
import * as assert from 'node:assert';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { PT } from '../../../adapter/symbols/elf/elf-constants.table';
import { parseElf } from '../../../adapter/symbols/elf/elf-file';
import type { EvaluationContext, MemoryReader, ProgramSymbols, Value } from '../../../adapter/symbols/program-symbols';
import { integerIn } from '../../../adapter/symbols/types/read-value';
import { isInteger, isPointer } from '../../../adapter/symbols/types/strip';
import { UserError } from '../../../adapter/util/user-error';
import { memoryOf, registersOf, snapshotsOf, symbolsOf } from '../support/snapshot';
import type { Snapshot } from '../support/snapshot';

const SOURCE = path.resolve(__dirname, '../../programs/expression/values.c');

/** Type and number alike. */
const NUMBERS = `
  counter; ::counter; byte; small; half_word; port; huge; mask; truth; letter; origin.x; by_value.y; hidden; frozen
  stamp; length; gap; depth; calls; table[1]; *cursor; cursor[-1]; cursor - table; **indirect; *(2 + table)
  matrix[1][2]; *matrix[2]; *(*(matrix + 1) + 1); corners[1].y; row[1][0]; (*row)[2]; scores[3]; here.x; there->y
  paint; direction; rights & WRITE; paint == BLUE; paint + 1; (enum color)5; RED; EXECUTE; direction == MINUS
  flags.level; flags.delta; flags.wide; flags.ready; flags.on; flags.color
  number.whole; number.bytes[3]; list->id; list->half.high; list->next->at.y; first.next->half.low; list->tag[0]
  best; *indirect; anything; list; list->next; list->apply; row; cursor; &table[3] - &table[1]; text[0]; message[3]
  &::counter; &matrix[1]; &matrix; &flags; &list->at.y; &first.tag; &*list; *&counter; &indirect; &best; &add
  table + 1; matrix + 1; cursor + 1; 1 + cursor; cursor - 1; (point_t *)anything; ((struct point *)anything)[1].x
  (char)counter; (unsigned char)-1; (signed char)200; (short)70000; (unsigned)1.9; (int)area; (long)&table[1] - (long)table
  byte + small; -half_word; ~port; !truth; mask >> 60; huge >> 3; mask << 4; byte << 4; -7 / 2; -7 % 3
  7 / 2; mask % 10; small * small; port * port; counter & 0xff; counter | 1; counter ^ counter; ~0; -1 < 0u
  table[1] > table[0]; cursor == &table[2]; cursor > table; list && list->next; list->next->next == 0; !list
  counter > 0 && truth; counter < 0 || 0; counter ? 1 : 2; 0 ? 1 : 2; 1 == 1; 1.5 == 1.5; 1.5 > 2; 'a'; '\\n'; '\\\\'
  'a' + 1; 0x7fffffff; 0xffffffff; 4294967295; 2147483648; 10000000000; 0x7fffffffffffffff; 1ul; 1ull; 1u; 017; 0x10
  (void *)0; (char *)0 == 0; {int} &table[1]; *(char (*)[5])greeting == 0; 1, 2; $rip; (long)$rip
  (const char)65; *(const int *)table; (unsigned long)&table; greeting[1]; message[0] == 'a'; list->name[0]
`;

/** Text alike too, but for the count before an array's braces. */
const TEXTS = `
  table; *table@3; table[1]@2; matrix; matrix[1]; *row; corners; corners[1]; origin; *there; here; by_value; scores
  flags; second.at; list->next->half; "abc"; list->name; text; message; list->next->name
  local; list->next->weight; area * 0; 2.5; 1.0; 100000.0; number.real; number.real * 2; (float)1.5; 0.5f + 1
  best; *best; add; &add; main; list; &list->next->name; $rip; {struct point} &corners[1]; first.next; stop_here
  *list->name@3; paint; direction; (enum color)3; truth; (_Bool)3
`;

const list = (text: string): string[] =>
  text
    .split(/[;\n]/)
    .map((each) => each.trim())
    .filter((each) => each !== '');

interface GdbAnswer {
  readonly type?: string;
  readonly number?: string | null;
  readonly text?: string;
  readonly error?: string;
}

function askGdb(program: string, expressions: readonly string[]): readonly GdbAnswer[] {
  const answer = `${program}.json`;
  const settings = ['set confirm off', 'set width 0', 'set debuginfod enabled off'].flatMap((each) => ['-ex', each]);
  const question = JSON.stringify({ function: 'outer', expressions });
  execFileSync('gdb', ['-nx', '-batch', ...settings, '-x', path.join(__dirname, 'gdb-print.py'), program], {
    stdio: 'pipe',
    env: { ...process.env, QUESTION: question, ANSWER: answer },
  });
  return JSON.parse(fs.readFileSync(answer, 'utf8')) as readonly GdbAnswer[];
}

/** Written memory from the snapshot, constants from the program's file. */
function memoryWithConstants(snapshot: Snapshot, program: string): MemoryReader {
  const written = memoryOf(snapshot);
  const bytes = new Uint8Array(fs.readFileSync(program));
  const bias = BigInt(snapshot.modules.find((each) => each.path === program)?.base ?? 0);
  const segments = parseElf(program, bytes).programHeaders.filter(({ type }) => type === PT.LOAD);
  return {
    read: (address, lengthBytes) => {
      const found = written.read(address, lengthBytes);
      const at = Number(address - bias);
      const inFile = segments.find(
        (each) => at >= each.virtualAddress && at < each.virtualAddress + each.fileSizeBytes,
      );
      if (found.length > 0 || inFile === undefined) return found;
      const from = inFile.fileOffset + at - inFile.virtualAddress;
      return bytes.slice(from, from + lengthBytes);
    },
  };
}

describe('expressions compared with gdb', function () {
  this.timeout(60_000);
  let symbols: ProgramSymbols;
  let context: EvaluationContext;
  let program: string;

  before(() => {
    // The same path each time: gdb's answers are kept by the program's bytes.
    const directory = path.join(os.tmpdir(), 'trapline-test-programs', 'expression');
    fs.mkdirSync(directory, { recursive: true });
    program = path.join(directory, 'values');
    execFileSync('gcc', ['-g', '-O0', '-o', program, SOURCE], { cwd: directory });
    const snapshot = snapshotsOf(program, ['stop_here'], 1)[0];
    symbols = symbolsOf(snapshot, program);
    const memory = memoryWithConstants(snapshot, program);
    const frame = symbols.unwind(registersOf(snapshot), memory, 10).find((each) => each.function?.name === 'outer');
    assert.ok(frame);
    context = { memory, frame };
  });

  const evaluated = (expression: string): Value | string => {
    try {
      return symbols.evaluate(expression, context);
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
  };

  it('types and numbers', () => {
    const expressions = list(NUMBERS);
    const wrong = askGdb(program, expressions).flatMap((gdb, i) => {
      const value = evaluated(expressions[i]);
      if (typeof value === 'string') return [`${expressions[i]}: ${value} (gdb: ${gdb.text ?? gdb.error ?? ''})`];
      const number = isInteger(value.type) || isPointer(value.type) ? integerIn(value).toString() : undefined;
      // gdb prints no parameters of a function without a prototype.
      const type = value.type.name.replace('(void)', '()');
      const theirs = gdb.type?.replace('(void)', '()');
      const same =
        type === theirs &&
        (number === undefined || BigInt.asUintN(64, BigInt(gdb.number ?? -7)) === BigInt.asUintN(64, BigInt(number)));
      return same
        ? []
        : [
            `${expressions[i]}: ours (${type}) ${number ?? ''}, gdb (${gdb.type ?? gdb.error ?? ''}) ${gdb.number ?? ''}`,
          ];
    });
    assert.deepStrictEqual(wrong, []);
  });

  it('texts', () => {
    const expressions = list(TEXTS);
    const plain = (text: string): string =>
      text
        .replace(/\[\d+\] (?=\{)/g, '')
        .replace(/\+0x([0-9a-f]+)>/g, (_, offset: string) => `+${parseInt(offset, 16)}>`);
    const wrong = askGdb(program, expressions).flatMap((gdb, i) => {
      const value = evaluated(expressions[i]);
      const ours = typeof value === 'string' ? value : plain(symbols.format(value, context.memory));
      // gdb repeats the type of pointers and functions.
      const theirs =
        gdb.text?.replace(/^(?:\(.*\)|\{.*\}) (?=0x)/, '').replace(/^\((.* \| .*)\)$/, '$1') ?? gdb.error ?? '';
      return ours === theirs ? [] : [`${expressions[i]}: ours ${ours}, gdb ${theirs}`];
    });
    assert.deepStrictEqual(wrong, []);
  });

  it('names of other places', () => {
    const text = (expression: string): string => {
      const value = evaluated(expression);
      return typeof value === 'string' ? value : symbols.format(value, context.memory);
    };
    assert.strictEqual(text('values.c:counter'), '41');
    assert.strictEqual(text("'values.c'::hidden"), '123');
    assert.match(text('countre'), /Did you mean `counter`/);
    assert.match(text('list->nmae'), /It has `next`, `name`, `at`, `id`, `weight`, `half`/);
    assert.match(text('(struct nood *)list'), /Did you mean `.*node`/);
    assert.strictEqual(text('message == "a \\"quoted\\"\\ttext\\n"'), '1');
  });
});
