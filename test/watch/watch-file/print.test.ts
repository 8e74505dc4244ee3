// print.test.ts: formatting puts words in columns and changes no meaning.

import * as assert from 'node:assert';
import fc from 'fast-check';
import { parseWatchFile } from '../../../adapter/watch/watch-file/parse-watch-file';
import { formatWatchFile } from '../../../adapter/watch/watch-file/print-watch-file';
import { watchLines } from '../../../adapter/watch/watch-file/syntax';

describe('formatting a .watch file', () => {
  it('aligns what belongs together', () => {
    const text = [
      '',
      'program   build/server   # the server',
      'watch  write queue.head when   $new == 0 # who?',
      'log write   stats.total every 1000',
      'never write config_table   # never',
      '',
      '',
      'count read a "b" c',
      '# end',
    ].join('\n');
    assert.strictEqual(
      formatWatchFile(text),
      [
        'program  build/server                     # the server',
        'watch write  queue.head   when $new == 0  # who?',
        'log   write  stats.total  every 1000',
        'never write  config_table                 # never',
        '',
        'count read a "b" c',
        '# end',
        '',
      ].join('\n'),
    );
  });

  it('keeps what the lines say, and does nothing the second time', () => {
    const word = fc.constantFrom(
      'x',
      'q.head',
      'p->next',
      'a[i + 1]',
      '*(int *)p',
      'net.c:total',
      'when',
      'log',
      '0x40',
    );
    const blank = fc.constantFrom(' ', '   ', '\t');
    const clause = fc.constantFrom(
      'when $new == 0',
      'when  a  &&  "b  c"',
      'in thread w',
      'in thread "a b"',
      'every 3',
      'hit >= 4',
      'bytes 8',
      'through',
      '"t {$old} \\"q\\" # no"',
    );
    const line = fc
      .tuple(fc.constantFrom('watch', 'log', 'count', 'never', 'wach'), fc.constantFrom('write', 'read', 'acces'), word)
      .chain(([verb, access, place]) =>
        fc
          .tuple(blank, fc.array(clause, { maxLength: 3 }), fc.constantFrom('', '# c', '#'))
          .map(([gap, clauses, comment]) => [verb, access, place, ...clauses, comment].join(gap)),
      );
    const other = fc.constantFrom('', '# alone', 'program  a b', 'args x "y z"', 'nonsense here');
    fc.assert(
      fc.property(fc.array(fc.oneof(line, other), { maxLength: 8 }), (lines) => {
        const text = lines.join('\n');
        const formatted = formatWatchFile(text);
        assert.strictEqual(formatWatchFile(formatted), formatted);
        assert.deepStrictEqual(meaning(formatted), meaning(text));
      }),
    );
  });

  it('is read as before, whatever the text, and any formatted text stays as it is', () => {
    const words = ['watch', 'write', 'log', 'never', 'read', 'count', 'in', 'thread', 'when', 'hit', 'every', 'bytes'];
    const more = ['through', 'program', 'args', 'cwd', 'stdin', 'env', 'cpus', 'registers', 'A=b', '2', '"', '""', '#'];
    const signs = [
      "'",
      '\\',
      '\\"',
      'x',
      'größe',
      '->',
      '(',
      ')',
      '[',
      '{$new}',
      '%',
      '==',
      '\n',
      '\r\n',
      '\r',
      '\t',
      '\u00a0',
    ];
    const part = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...words, ...more, ...signs) },
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
    );
    const text = fc
      .tuple(fc.array(part, { maxLength: 14 }), fc.constantFrom(' ', ''))
      .map(([parts, gap]) => parts.join(gap));
    fc.assert(
      fc.property(text, (any) => {
        const formatted = formatWatchFile(any);
        assert.strictEqual(formatWatchFile(formatted), formatted);
        assert.deepStrictEqual(wholeMeaning(formatted), wholeMeaning(any));
      }),
      { numRuns: 3000 },
    );
  });
});

/** Every line that says something. */
function wholeMeaning(text: string) {
  const { lines, mistakes } = parseWatchFile(text);
  return {
    ...meaning(text),
    settings: lines.flatMap((line) =>
      line.kind === 'setting' ? [[line.setting, line.value?.text, line.comment?.text]] : [],
    ),
    comments: lines.flatMap((line) => (line.kind === 'blank' ? (line.comment?.text ?? []) : [])),
    unknown: lines.flatMap((line) => (line.kind === 'unknown' ? [[line.keyword.text, line.comment?.text]] : [])),
    errors: mistakes.length,
  };
}

/** Blanks within an expression say nothing. */
function meaning(text: string) {
  const file = parseWatchFile(text);
  const bare = (value: string | undefined) =>
    value?.replace(/"[^"]*"|\s+/g, (found) => (found.startsWith('"') ? found : ' '));
  return {
    lines: watchLines(file).map(({ verb, access, place, clauses, comment }) => [
      verb,
      access,
      bare(place?.text),
      comment?.text,
      ...clauses.map(({ kind, value }) => [kind, kind === 'message' ? value?.text : bare(value?.text)]),
    ]),
    mistakes: file.mistakes.map(({ code }) => code),
  };
}
