// manifest.test.ts: what package.json promises to VS Code, as far as VS Code itself does not check it.

import * as assert from 'node:assert';
import * as fs from 'node:fs';
import * as path from 'node:path';

const root = path.resolve(__dirname, '../..');
const read = (name: string): string => fs.readFileSync(path.join(root, name), 'utf8');
const texts = new Map(Object.entries(JSON.parse(read('package.nls.json')) as Record<string, string>));
const manifest = JSON.parse(read('package.json')) as {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly viewsWelcome: readonly { readonly when: string; readonly contents: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly description: string; readonly completionEvents: readonly string[] }[];
    }[];
    readonly debuggers: readonly {
      readonly configurationAttributes: {
        readonly launch: { readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
      };
    }[];
  };
};
const { commands, viewsWelcome, debuggers, walkthroughs } = manifest.contributes;

const wordsOf = (key: string): string => texts.get(key.replaceAll('%', '')) ?? '';

/** The when clauses here are `a == 'b'`, `a > 0`, `!a`, joined by &&. */
function holds(when: string, context: Readonly<Record<string, string | number | boolean>>): boolean {
  return when.split('&&').every((part) => {
    const [, not, name, operator = 'is', value = ''] =
      /^\s*(!?)([\w.]+)\s*(?:(==|!=|>)\s*'?([\w-]*)'?)?\s*$/.exec(part) ?? [];
    assert.ok(name, `a clause that this test can read: ${part}`);
    const present = context[name] ?? '';
    if (operator === '>') return Number(present) > Number(value);
    if (operator === 'is') return (not === '!') !== Boolean(present);
    return (operator === '==') === (String(present) === value);
  });
}

describe('the manifest', () => {
  it('has one welcome text for each state of the empty view, and says first where VS Code starts nothing', () => {
    const shown = (context: Readonly<Record<string, string | number | boolean>>): string[] =>
      viewsWelcome.filter(({ when }) => holds(when, context)).map(({ contents }) => contents);
    const folder = { workspaceFolderCount: 1, isWorkspaceTrusted: true };
    assert.deepStrictEqual(shown(folder), ['%welcome.idle%']);
    assert.deepStrictEqual(shown({ ...folder, debugType: 'trapline' }), ['%welcome.starting%']);
    assert.deepStrictEqual(shown({ workspaceFolderCount: 0, isWorkspaceTrusted: true }), ['%welcome.noFolder%']);
    assert.deepStrictEqual(shown({ ...folder, isWorkspaceTrusted: false }), ['%welcome.restricted%', '%welcome.idle%']);
  });

  it('links in its welcome texts only to commands that there are', () => {
    const known = new Set(commands.map(({ command }) => command));
    const links = viewsWelcome.flatMap(({ contents }) => [...wordsOf(contents).matchAll(/\(command:([\w.]+)\)/g)]);
    assert.ok(links.length > 0);
    for (const [, command] of links) assert.ok(known.has(command) || /^(workbench|vscode)\./.test(command), command);
  });

  it('ticks each step of the walkthrough at its own button, whatever was debugged before', () => {
    for (const { description, completionEvents } of walkthroughs[0].steps) {
      const [, button] = /\(command:([\w.]+)\)/.exec(wordsOf(description)) ?? [];
      assert.ok(completionEvents.includes(`onCommand:${button}`), description);
    }
  });

  it('describes each attribute of a launch configuration, for completion and hover', () => {
    const { properties } = debuggers[0].configurationAttributes.launch;
    assert.ok(Object.keys(properties).length >= 9);
    for (const [name, attribute] of Object.entries(properties)) {
      const key = attribute.markdownDescription ?? attribute.description;
      assert.ok(typeof key === 'string' && wordsOf(key).length > 20, name);
    }
  });
});
