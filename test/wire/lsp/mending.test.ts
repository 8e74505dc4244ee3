// mending.test.ts: what is told about a line, and that each fix and rewrite makes the line right.

import * as assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import * as path from 'node:path';
import type { CodeAction, CompletionList, Diagnostic, Hover, MarkupContent } from 'vscode-languageserver/node';
import { Editor } from './editor';

const programs = path.resolve(__dirname, '../../programs');
const said = ({ message }: Diagnostic): string => (typeof message === 'string' ? message : message.value);

describe('mending the lines of a .watch file', function () {
  this.timeout(30_000);
  let editor: Editor;
  before(async () => {
    editor = new Editor();
    const build = (compiler: string, source: string, name: string): void => {
      execFileSync(compiler, [
        '-g',
        '-O0',
        '-pthread',
        '-o',
        path.join(editor.folder, name),
        path.join(programs, source),
      ]);
    };
    build('gcc', 'odd-places.c', 'odd');
    build('g++', 'yard.cpp', 'yard');
    await editor.start();
  });
  after(() => {
    editor.close();
  });

  const HEAD = 'program odd\n';
  const told = async (line: string): Promise<string[]> => (await editor.write(HEAD + line)).map(said);

  /** The texts of line 2 that the actions of that kind make of it, by title. */
  async function offered(line: string, ofDiagnostics: boolean): Promise<Map<string, string>> {
    const diagnostics = await editor.write(HEAD + line);
    const range = { start: { line: 1, character: 0 }, end: { line: 1, character: line.length } };
    const actions = await editor.ask<CodeAction[]>('textDocument/codeAction', { range, context: { diagnostics } });
    const texts = new Map<string, string>();
    for (const { title, edit, diagnostics: mends } of actions) {
      const change = edit?.changes?.[editor.uri].at(0);
      if (change === undefined || (mends !== undefined) !== ofDiagnostics) continue;
      const { start, end } = change.range;
      texts.set(title, line.slice(0, start.character) + change.newText + line.slice(end.character));
    }
    return texts;
  }

  it('every quick fix mends what it was offered for', async () => {
    const lines = ['watch write hed', 'watch write head.kee', 'watch write grid', 'watch write head.key hits 3'];
    lines.push('nver write pair', 'watch acess pair', 'watch write elsewhere.c:own_static', 'watch write größee');
    for (const line of lines) {
      const fixes = await offered(line, true);
      assert.ok(fixes.size > 0, line);
      for (const [title, text] of fixes) assert.deepStrictEqual(await told(text), [], `${line}: ${title}: ${text}`);
    }
  });

  it('narrows to something that fits, and splits what a pointer points to', async () => {
    const grid = await offered('watch write grid', false);
    assert.deepStrictEqual(
      [...grid.keys()].filter((title) => !title.startsWith('Switch')),
      ['Narrow to grid[0][0]'],
    );
    const list = await offered('watch write *list   # it', false);
    assert.strictEqual(list.get('Narrow to list->next'), 'watch write list->next   # it');
    assert.deepStrictEqual(list.get('Split into 4 members')?.split('\n'), [
      'watch write list->next   # it',
      'watch write list->key   # it',
      'watch write list->mode   # it',
      'watch write list->rest   # it',
    ]);
    const part = await offered('watch write pair bytes 4', false);
    assert.deepStrictEqual(
      [...part.keys()].filter((title) => !title.startsWith('Switch')),
      [],
    );
  });

  it('fields of few bits that share their bytes are not the same', async () => {
    assert.deepStrictEqual(await told('watch write head.mode\nwatch write head.rest'), []);
    assert.match((await told('watch write head.mode\nwatch write head.mode')).join(), /Line 2 says the same/);
  });

  it('says that a local lives in a register, and what a function or file has instead', async () => {
    assert.match((await told('watch write main::quick')).join(), /`main::quick` lives in register rbx here/);
    assert.match((await told('watch write main::slow')).join(), /^main has no variable `slow`\. It has `quick`\.$/);
    assert.match(
      (await told('watch write other.c:own_static')).join(),
      /^other\.c has no variable `own_static`; odd-places\.c has one\.$/,
    );
    assert.match((await told('watch write $rax')).join(), /`\$rax` is a register: debug registers watch memory only/);
  });

  it('reads the expressions in what log writes', async () => {
    const [wrong, ...more] = await editor.write(`${HEAD}log write pair "{$old} {$nwe} \\{x} {"`);
    assert.deepStrictEqual(more, []);
    assert.match(said(wrong), /\$nwe is neither a register nor a value/);
    assert.deepStrictEqual([wrong.range.start.character, wrong.range.end.character], [24, 28]);
    assert.match((await told('log write pair "{pair[}"')).join(), /missing/);
    assert.deepStrictEqual(
      await told('log write größe "{größe} by {$writer} at {$location}" when $writer == "main"'),
      [],
    );
    const { items } = await editor.at<CompletionList>('textDocument/completion', `${HEAD}log write pair "x {|`);
    const labels = items.map(({ label }) => label);
    for (const label of ['$old', '$writer', '$location', 'grid']) assert.ok(labels.includes(label), label);
  });

  it('completes what a namespace and a class have', async () => {
    const labels = async (text: string): Promise<string[]> =>
      (await editor.at<CompletionList>('textDocument/completion', `program yard\n${text}`)).items.map(
        ({ label }) => label,
      );
    assert.deepStrictEqual((await labels('watch write |')).sort(), ['yard::Item::made', 'yard::first', 'yard::hidden']);
    assert.deepStrictEqual((await labels('watch write yard::|')).sort(), ['Item::made', 'first', 'hidden']);
    assert.deepStrictEqual(await labels('watch write yard::Item::|'), ['made']);
    assert.deepStrictEqual(await labels('watch write yard::first.|'), ['weight']);
    for (const name of ['yard::hidden', 'yard::Item::made']) {
      assert.deepStrictEqual(await editor.write(`program yard\nwatch write ${name}`), [], name);
    }
  });

  it('hover over a name that means several says which', async () => {
    execFileSync('gcc', ['-g', '-o', path.join(editor.folder, 'shadows'), path.join(programs, 'shadows.c')]);
    const hover = await editor.at<Hover>('textDocument/hover', 'program shadows\nwatch write mixed::|i');
    assert.match((hover.contents as MarkupContent).value, /mixed has 2 variables `i`/);
  });

  it('follows the typing in a file of thousands of lines', async () => {
    let lines = Array.from({ length: 3000 }, (_, n) => `count write grid[${n % 10}][${n % 7}] when $new > ${n}`);
    await editor.write(HEAD + lines.join('\n'));
    const ask = async (text: string): Promise<number> => {
      const start = process.cpuUsage();
      await editor.write(HEAD + text);
      return process.cpuUsage(start).user;
    };
    // The least of some turns: collecting garbage and compiling come on top, in any of them.
    let [typed, anew] = [Infinity, Infinity];
    for (let turn = 0; turn < 3; turn++) {
      typed = Math.min(typed, await ask([...lines.slice(0, -1), 'count write grid[1'].join('\n')));
      lines = lines.map((line) => `${line}1`);
      anew = Math.min(anew, await ask(lines.join('\n')));
    }
    assert.ok(typed * 2 < anew, `${typed} µs for one line, ${anew} µs for all`);
  });
});
