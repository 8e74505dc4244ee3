// server.test.ts: the language server of `.watch` files, asked as an editor asks.

import * as assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type {
  CodeAction,
  CodeLens,
  CompletionList,
  Diagnostic,
  DocumentSymbol,
  FoldingRange,
  Hover,
  Location,
  MarkupContent,
  Range,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { QualifyAnswer, SpecsAnswer } from '../../../adapter/protocol/watch-files';
import { Editor } from './editor';

const HEAD = 'program guarded\n';
const source = path.resolve(__dirname, '../../programs/guarded.c');

/** A diagnostic's message: this server sends plain text. */
const said = ({ message }: Diagnostic): string => (typeof message === 'string' ? message : message.value);

describe('the language server of .watch files', function () {
  this.timeout(30_000);
  let editor: Editor;
  before(async () => {
    editor = new Editor();
    editor.build();
    await editor.start();
  });
  after(() => {
    editor.close();
  });

  const labels = async (text: string): Promise<string[]> =>
    (await editor.at<CompletionList>('textDocument/completion', text)).items.map(({ label }) => label);
  const hover = async (text: string): Promise<string> =>
    ((await editor.at<Hover | null>('textDocument/hover', text))?.contents as MarkupContent | undefined)?.value ?? '';

  it('reads debug information that lies in a file of its own', async () => {
    editor.build('stripped');
    const inside = (name: string): string => path.join(editor.folder, name);
    execFileSync('objcopy', ['--only-keep-debug', inside('stripped'), inside('stripped.debug')]);
    execFileSync('objcopy', ['--strip-debug', `--add-gnu-debuglink=${inside('stripped.debug')}`, inside('stripped')]);
    assert.match(await hover('program stripped\nwatch write queue.he|ad'), /struct node \* queue\.head/);
    assert.deepStrictEqual(await editor.write('program stripped\nwatch write queue.head'), []);
  });

  it('tells locals of one name apart by the line of their declaration', async () => {
    const shadows = path.resolve(__dirname, '../../programs/shadows.c');
    execFileSync('gcc', ['-g', '-O0', '-o', path.join(editor.folder, 'shadows'), shadows]);
    const head = 'program shadows\n';
    const lines = fs.readFileSync(shadows, 'utf8').split('\n');
    const line = (marker: string): number => lines.findIndex((text) => text.includes(`MARK ${marker}`)) + 1;
    assert.deepStrictEqual((await labels(`${head}watch write mixed::|`)).sort(), [
      `L${line('first')}::i`,
      `L${line('second')}::i`,
      `L${line('inner')}::n`,
      'depth',
      'n',
    ]);
    const [mistake] = await editor.write(`${head}watch write mixed::i when $new > 1`);
    assert.match(said(mistake), /mixed has 2 variables `i`/);
    const { range } = mistake;
    const actions = await editor.ask<CodeAction[]>('textDocument/codeAction', {
      range,
      context: { diagnostics: [mistake] },
    });
    const texts = actions
      .filter(({ diagnostics }) => diagnostics !== undefined)
      .map(({ edit }) => edit?.changes?.[editor.uri][0].newText);
    assert.deepStrictEqual(texts, [`mixed::L${line('first')}::i`, `mixed::L${line('second')}::i`]);
    for (const text of texts) {
      assert.deepStrictEqual(await editor.write(`${head}watch write ${text} when $new > 1`), []);
    }
    const place = await editor.at<Location>(
      'textDocument/definition',
      `${head}watch write mixed::L${line('second')}::|i`,
    );
    assert.strictEqual(place.range.start.line + 1, line('second'));
    const ask = { uri: editor.uri, path: shadows, expression: 'n', line: line('inner') + 1 };
    const answer = await editor.request<QualifyAnswer>('trapline/qualify', ask);
    assert.strictEqual(answer.expression, `mixed::L${line('inner')}::n`);
  });

  it('completes words, accesses and clauses', async () => {
    assert.deepStrictEqual((await labels('|')).slice(0, 5), ['watch', 'log', 'count', 'never', 'program']);
    assert.deepStrictEqual((await labels('nev|')).includes('never'), true);
    assert.deepStrictEqual(await labels('watch |'), ['write', 'change', 'read', 'access']);
    assert.deepStrictEqual(await labels('watch wr|'), ['write', 'change', 'read', 'access']);
    const clauses = ['when', 'in', 'every', 'hit', 'bytes', 'through'];
    assert.deepStrictEqual(await labels(`${HEAD}watch write total |`), clauses);
    assert.deepStrictEqual(await labels(`${HEAD}watch write total wh|`), clauses);
    assert.deepStrictEqual(await labels(`${HEAD}never write total |`), ['when', 'in', 'bytes', 'through']);
    assert.deepStrictEqual(
      (await labels(`${HEAD}log write total when $new > 3 |`)).includes('"{$old} → {$new}"'),
      true,
    );
    assert.deepStrictEqual(await labels('# nothing in |'), []);
  });

  it('completes paths on the lines that take them: programs, folders, files', async () => {
    fs.mkdirSync(path.join(editor.folder, 'places/build'), { recursive: true });
    const place = (name: string, mode = 0o644): void => {
      fs.writeFileSync(path.join(editor.folder, 'places', name), '', { mode });
    };
    for (const name of ['words.txt', '.hidden']) place(name);
    place('server', 0o755);
    assert.ok((await labels('program |')).includes('places/'));
    assert.deepStrictEqual(await labels('program places/|'), ['build/', 'server']);
    assert.deepStrictEqual(await labels('program ./places/s|'), ['build/', 'server']);
    assert.deepStrictEqual(await labels('cwd places/|'), ['build/']);
    assert.deepStrictEqual(await labels('stdin places/|'), ['build/', 'server', 'words.txt']);
    assert.deepStrictEqual(await labels('stdin places/.|'), ['.hidden', 'build/', 'server', 'words.txt']);
    assert.deepStrictEqual(await labels('program nowhere/|'), []);
    const { items } = await editor.at<CompletionList>('textDocument/completion', 'program places/se|');
    assert.deepStrictEqual(items.find(({ label }) => label === 'server')?.textEdit, {
      range: { start: { line: 0, character: 15 }, end: { line: 0, character: 17 } },
      newText: 'server',
    });
  });

  it('completes symbols and members from the DWARF', async () => {
    const symbols = await labels(`${HEAD}watch write |`);
    for (const name of ['queue', 'cfg', 'config_table', 'sensors', 'total']) assert.ok(symbols.includes(name), name);
    assert.deepStrictEqual(await labels(`${HEAD}watch write queue.|`), ['head', 'open', 'mode', 'name']);
    assert.deepStrictEqual(await labels(`${HEAD}watch write cfg->he|`), ['head', 'open', 'mode', 'name']);
    assert.deepStrictEqual(await labels(`${HEAD}watch write cfg->head->|`), ['key', 'next']);
    assert.deepStrictEqual(await labels(`${HEAD}watch write total when queue.head->|`), ['key', 'next']);
    assert.deepStrictEqual(await labels(`${HEAD}watch write sum::|`), ['count', 'result', 'i']);
    const [first] = await labels(`${HEAD}watch write total when $|`);
    assert.strictEqual(first, '$old');
  });

  it('puts -> where . was typed behind a pointer', async () => {
    const { items } = await editor.at<CompletionList>('textDocument/completion', `${HEAD}watch write cfg.|`);
    assert.deepStrictEqual(items[0].additionalTextEdits, [
      { range: { start: { line: 1, character: 15 }, end: { line: 1, character: 16 } }, newText: '->' },
    ]);
  });

  it('tells type, address, size, slots and declaration on hover', async () => {
    const whole = await hover(`${HEAD}watch write config_ta|ble[1]`);
    assert.match(whole, /int \[4\] config_table/);
    assert.match(whole, /16 bytes, at 0x[0-9a-f]+: 2 slots|16 bytes: 2 slots, at 0x[0-9a-f]+/);
    assert.match(whole, /Declared in guarded\.c:\d+/);
    assert.match(await hover(`${HEAD}watch write queue.mo|de`), /unsigned int queue\.mode[^]*\(5 bits from bit 1\)/);
    assert.match(
      await hover(`${HEAD}watch write cfg->he|ad`),
      /struct node \* cfg->head[^]*and 1 slot for the pointer on the way, where the pointer points to[^]*`cfg` is declared in guarded\.c/,
    );
    assert.match(await hover(`${HEAD}watch write record.am|ount`), /8 bytes, unaligned: 4 slots/);
    assert.match(await hover(`${HEAD}watch write sum::res|ult`), /in each call of sum/);
    assert.match(await hover(`${HEAD}ne|ver write total`), /must not happen/i);
    assert.match(await hover(`${HEAD}watch re|ad total`), /x86 has no read-only watch/);
    assert.match(await hover(`${HEAD}watch write total when $ol|d > 3`), /the value before/);
    assert.strictEqual(await hover(`${HEAD}# wa|tch`), '');
  });

  it('tells mistakes as they are typed, with quick fixes that mend them', async () => {
    const [wrong] = await editor.write(`${HEAD}watch write sensor[0]`);
    assert.strictEqual(wrong.code, 'watch-file.no-such-symbol');
    assert.deepStrictEqual(wrong.range, { start: { line: 1, character: 12 }, end: { line: 1, character: 18 } });
    const actions = await editor.ask<CodeAction[]>('textDocument/codeAction', {
      range: wrong.range,
      context: { diagnostics: [wrong] },
    });
    const fix = actions.find(({ title }) => title === 'Write "sensors"');
    const [edit] = fix?.edit?.changes?.[editor.uri] ?? [];
    assert.strictEqual(edit.newText, 'sensors');
    assert.deepStrictEqual(await editor.write(`${HEAD}watch write sensors[0]`), []);
  });

  it('offers to narrow, to split, and to switch the access', async () => {
    await editor.write(`${HEAD}watch access queue  # all of it`);
    const range: Range = { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } };
    const actions = await editor.ask<CodeAction[]>('textDocument/codeAction', { range, context: { diagnostics: [] } });
    const titles = actions.map(({ title }) => title);
    for (const title of ['Switch to write', 'Narrow to queue.head', 'Split into 4 members'])
      assert.ok(titles.includes(title), title);
    const split = actions.find(({ title }) => title.startsWith('Split'));
    assert.deepStrictEqual(
      split?.edit?.changes?.[editor.uri][0].newText.split('\n').at(1),
      'watch access queue.open  # all of it',
    );
  });

  it('goes to the declaration in C', async () => {
    const at = await editor.at<Location>('textDocument/definition', `${HEAD}watch write queue.he|ad`);
    assert.match(at.uri, /guarded\.c$/);
    const line = fs.readFileSync(source, 'utf8').split('\n')[at.range.start.line];
    assert.strictEqual(line, 'struct queue queue;');
    assert.strictEqual(await editor.at<Location | null>('textDocument/definition', `${HEAD}wat|ch write queue`), null);
  });

  it('finds and renames a symbol in all watch files of the workspace', async () => {
    fs.writeFileSync(
      path.join(editor.folder, 'other.watch'),
      'program guarded\nlog read queue.head\ncount read cfg->head\n',
    );
    const text = `${HEAD}watch write queue.he|ad when queue.open\nwatch read cfg->head->key`;
    const found = await editor.at<Location[]>('textDocument/references', text, {
      context: { includeDeclaration: true },
    });
    const where = found
      .map(({ uri, range }) => `${path.basename(uri)} ${range.start.line}:${range.start.character}`)
      .sort();
    assert.deepStrictEqual(where, ['guard.watch 1:18', 'guard.watch 2:16', 'other.watch 1:15', 'other.watch 2:16']);
    const edit = await editor.at<WorkspaceEdit>('textDocument/rename', text, { newName: 'first' });
    assert.deepStrictEqual(Object.values(edit.changes ?? {}).flat().length, 4);
    await assert.rejects(editor.at('textDocument/rename', text, { newName: '1st' }), /is no name/);
  });

  it('gives the outline, what folds, colours, and the formatted text', async () => {
    const text = `${HEAD}# one\n# two\n\nwatch  write   total when $new > 3 # x\nnever read queue.head\n`;
    await editor.write(text);
    const symbols = await editor.ask<DocumentSymbol[]>('textDocument/documentSymbol');
    assert.deepStrictEqual(
      symbols.map(({ name }) => name),
      ['program guarded', 'watch write total when $new > 3', 'never read queue.head'],
    );
    const folds = await editor.ask<FoldingRange[]>('textDocument/foldingRange');
    assert.deepStrictEqual(
      folds.map(({ startLine, endLine, kind }) => [startLine, endLine, kind]),
      [
        [1, 2, 'comment'],
        [4, 5, undefined],
      ],
    );
    const tokens = await editor.ask<{ data: number[] }>('textDocument/semanticTokens/full');
    assert.ok(tokens.data.length > 0 && tokens.data.length % 5 === 0);
    const [edit] = await editor.ask<TextEdit[]>('textDocument/formatting', { options: {} });
    assert.match(edit.newText, /watch write {2}total +when \$new > 3 {2}# x\nnever read {3}queue\.head\n/);
  });

  it('shows Arm, slots and what the last run has seen as code lenses', async () => {
    await editor.write(`${HEAD}watch write total\n`);
    await editor.notify('trapline/seen', { uri: editor.uri, lines: [{ line: 1, text: '12 hits' }] });
    const lenses = await editor.ask<CodeLens[]>('textDocument/codeLens');
    assert.deepStrictEqual(
      lenses.map(({ command }) => command?.title),
      ['Arm All', 'Check', 'Arm', '1 slot · 12 hits'],
    );
    assert.deepStrictEqual(lenses[2].command?.arguments, [editor.uri, 1]);
  });

  it('hands the session what is to be armed', async () => {
    await editor.write(`${HEAD}watch write total in thread 7\nnever read queue.hed\n`);
    const { program, lines, mistakes } = await editor.request<SpecsAnswer>('trapline/watchSpecs', { uri: editor.uri });
    assert.strictEqual(program, path.join(editor.folder, 'guarded'));
    assert.deepStrictEqual(
      lines.map(({ line, spec }) => [line, spec.expression, spec.access, spec.threads, spec.origin]),
      [[1, 'total', 'write', { id: 7 }, 'file']],
    );
    assert.deepStrictEqual(
      mistakes.map(({ line }) => line),
      [2],
    );
  });

  it('names what an expression means in a line of source', async () => {
    await editor.write(HEAD);
    const line =
      fs
        .readFileSync(source, 'utf8')
        .split('\n')
        .findIndex((text) => text.includes('MARK local')) + 1;
    const named = async (expression: string, at = line): Promise<string> => {
      const params = { uri: editor.uri, expression, path: source, line: at };
      return (await editor.request<QualifyAnswer>('trapline/qualify', params)).expression;
    };
    assert.strictEqual(await named('result'), 'sum::result');
    assert.strictEqual(await named('queue.head'), 'queue.head');
    assert.strictEqual(await named('result', 100_000), 'result');
    assert.deepStrictEqual(await editor.write(`${HEAD}never write ${await named('result')}`), []);
  });

  it('says when the program is missing, has no debug information, or is none; and reads it anew when it is built', async () => {
    const [missing] = await editor.write('program late\nwatch write queue.head');
    assert.match(said(missing), /There is no program .*late\. Build it/);
    fs.writeFileSync(path.join(editor.folder, 'late'), 'not a program');
    assert.match(said((await editor.look())[0]), /ELF/);
    editor.build('late', '-O0', '-s');
    assert.ok((await editor.look()).some((each) => said(each).includes('no debug information')));
    editor.build('late');
    assert.deepStrictEqual(await editor.look(), []);
    const [none] = await editor.write('watch write queue.head');
    assert.match(said(none), /names no program/);
  });

  it('takes the session’s program where the file names none', async () => {
    await editor.write('watch write queue.hed');
    const told = editor.look();
    await editor.notify('trapline/program', { program: path.join(editor.folder, 'guarded') });
    assert.match(said((await told)[0]), /no member `hed`/);
    await editor.notify('trapline/program', {});
  });
});
