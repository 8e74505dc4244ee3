// parse.test.ts: the text of a `.watch` file: what its lines are, and what is wrong with their form.

import * as assert from 'node:assert';
import fc from 'fast-check';
import { parseWatchFile } from '../../../adapter/watch/watch-file/parse-watch-file';
import type { FileSpan, WatchLine } from '../../../adapter/watch/watch-file/syntax';
import { settingOf, watchLines } from '../../../adapter/watch/watch-file/syntax';

const SAMPLE = `# races.watch
program  build/server
watch write  queue.head       when $new == 0     # who empties it?
watch access cfg->flags       in thread worker
log   write  stats.total      every 1000
never write  config_table                        # check fails if it happens
`;

const only = (text: string): WatchLine => {
  const [line, ...rest] = watchLines(parseWatchFile(text));
  assert.ok(rest.length === 0, 'one line');
  return line;
};

const shape = (text: string) => {
  const { verb, access, place, clauses } = only(text);
  return [verb, access, place?.text, ...clauses.map(({ kind, value }) => [kind, value?.text])];
};

const codes = (text: string): string[] =>
  parseWatchFile(text).mistakes.map(({ code, span }) => `${code.replace('watch-file.', '')} ${span.start}-${span.end}`);

const at = (text: string, { line, start, end }: FileSpan): string => text.split('\n')[line].slice(start, end);

describe('a .watch file', () => {
  it('is read as the manual shows it', () => {
    const file = parseWatchFile(SAMPLE);
    assert.deepStrictEqual(file.mistakes, []);
    assert.deepStrictEqual(
      file.lines.map(({ kind }) => kind),
      ['blank', 'setting', 'watch', 'watch', 'watch', 'watch', 'blank'],
    );
    assert.strictEqual(settingOf(file, 'program')?.text, 'build/server');
    assert.deepStrictEqual(
      watchLines(file).map(({ verb, access, place }) => `${verb} ${access ?? ''} ${place?.text ?? ''}`),
      ['watch write queue.head', 'watch access cfg->flags', 'log write stats.total', 'never write config_table'],
    );
  });

  it('knows where each word stands', () => {
    for (const line of watchLines(parseWatchFile(SAMPLE))) {
      const spelled = [line.keyword, line.place, line.comment, ...line.clauses.flatMap((c) => [c.keyword, c.value])];
      for (const word of spelled) if (word !== undefined) assert.strictEqual(at(SAMPLE, word.span), word.text);
    }
  });

  it('ends an expression where another operand begins, so that names may be like words', () => {
    assert.deepStrictEqual(shape('watch write when when when == 1'), ['watch', 'write', 'when', ['when', 'when == 1']]);
    assert.deepStrictEqual(shape('log write in every 3'), ['log', 'write', 'in', ['every', '3']]);
    assert.deepStrictEqual(shape('watch read *(int *)p'), ['watch', 'read', '*(int *)p']);
    assert.deepStrictEqual(shape('count read a[f ? b : c] in thread 7'), [
      'count',
      'read',
      'a[f ? b : c]',
      ['in', '7'],
    ]);
    assert.deepStrictEqual(shape('count read net.c:total bytes 4'), ['count', 'read', 'net.c:total', ['bytes', '4']]);
    assert.deepStrictEqual(shape("watch write c when c == '#' # x"), ['watch', 'write', 'c', ['when', "c == '#'"]]);
  });

  it('takes clauses in any order', () => {
    const log = String.raw`log change a.b "is \"{$new}\" # now" in thread "my thread" hit >= 5 when $old < $new`;
    assert.deepStrictEqual(shape(log), [
      'log',
      'change',
      'a.b',
      ['message', 'is "{$new}" # now'],
      ['in', 'my thread'],
      ['hit', '>= 5'],
      ['when', '$old < $new'],
    ]);
    assert.deepStrictEqual(codes(log), []);
    assert.deepStrictEqual(shape('watch write p through in thread kworker/0:1'), [
      'watch',
      'write',
      'p',
      ['through', undefined],
      ['in', 'kworker/0:1'],
    ]);
  });

  it('tells what is wrong, and where', () => {
    assert.deepStrictEqual(codes('wach write x'), ['unknown-word 0-4']);
    assert.deepStrictEqual(codes('watch x'), ['access-missing 6-7']);
    assert.deepStrictEqual(codes('watch'), ['access-missing 5-5']);
    assert.deepStrictEqual(codes('watch rw x'), ['unknown-access 6-8']);
    assert.deepStrictEqual(codes('watch write'), ['place-missing 11-11']);
    assert.deepStrictEqual(codes('watch write x unless y'), ['unknown-clause 14-20']);
    assert.deepStrictEqual(codes('watch write x when'), ['value-missing 14-18']);
    assert.deepStrictEqual(codes('watch write x when y when z'), ['clause-twice 21-25']);
    assert.deepStrictEqual(codes('watch write x in worker'), ['thread-missing 14-16', 'unknown-clause 17-23']);
    assert.deepStrictEqual(codes('log write x every none'), ['not-a-number 18-22']);
    assert.deepStrictEqual(codes('log write x every 0'), ['not-a-number 18-19']);
    assert.deepStrictEqual(codes('watch write x hit % 0'), ['bad-hit-count 18-21']);
    assert.deepStrictEqual(codes('never write x every 3'), ['clause-not-here 14-19']);
    assert.deepStrictEqual(codes('watch write x "text"'), ['clause-not-here 14-15']);
    assert.deepStrictEqual(codes('log write x "text'), ['unclosed-text 12-17']);
    assert.deepStrictEqual(codes('watch write x.   # y'), ['expression.syntax 13-14']);
    assert.deepStrictEqual(codes('registers many'), ['not-a-number 10-14']);
    assert.deepStrictEqual(codes('env X'), ['bad-env 4-5']);
    assert.deepStrictEqual(codes('program a\nprogram b'), ['setting-twice 0-7']);
  });

  it('offers the word that was meant', () => {
    const fix = (text: string) => parseWatchFile(text).mistakes[0].fixes?.[0].text;
    assert.strictEqual(fix('nevr write x'), 'never');
    assert.strictEqual(fix('watch rw x'), 'access');
    assert.strictEqual(fix('watch write x if y'), 'when');
    assert.strictEqual(fix('rwatch x'), 'watch read');
  });

  it('may be cut off anywhere, and any text is read without a throw', () => {
    for (let length = 0; length <= SAMPLE.length; length++) parseWatchFile(SAMPLE.slice(0, length));
    const words = [
      'watch',
      'write',
      'log',
      'in',
      'thread',
      'when',
      '"',
      '#',
      "'",
      'x',
      '->',
      '(',
      '[',
      '\n',
      ' ',
      '$',
      '%',
    ];
    const texts = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary' })), { maxLength: 12 });
    fc.assert(
      fc.property(texts, (parts) => {
        const text = parts.join(' ');
        const { lines, mistakes } = parseWatchFile(text);
        const source = text.split(/\r\n|\n|\r/);
        assert.strictEqual(lines.length, source.length);
        for (const { span, message } of mistakes) {
          assert.ok(span.start <= span.end && span.end <= source[span.line].length + 1 && message.length > 10);
        }
      }),
    );
  });
});
