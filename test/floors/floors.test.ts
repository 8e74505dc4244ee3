// floors.test.ts: holds the house to its plan.
//
// A folder imports only from floors below it; no circles; `vscode` and Node's built-ins only where they belong.
// Truth: docs/architecture.md, "Floors".

import * as assert from 'node:assert';
import * as fs from 'node:fs';
import * as path from 'node:path';
import ts from 'typescript';
import { FLOORS, NODE_ALLOWED, VSCODE_ALLOWED } from './floors.table';

const root = path.resolve(__dirname, '../..');

interface Import {
  readonly from: string;
  readonly to: string;
}

function sourceFiles(dir: string): string[] {
  if (!fs.existsSync(dir)) return [];
  return fs
    .readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

const files = [...sourceFiles(path.join(root, 'adapter')), ...sourceFiles(path.join(root, 'extension'))];

function importsOf(file: string): Import[] {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  return ts.preProcessFile(text, true, true).importedFiles.map((imported) => ({
    from: file,
    to: imported.fileName.startsWith('.')
      ? path.normalize(path.join(path.dirname(file), imported.fileName))
      : imported.fileName,
  }));
}

const imports = files.flatMap(importsOf);
const isOwn = (to: string): boolean => to.startsWith('adapter/') || to.startsWith('extension/');

/** The longest entry of the table that holds the file. */
function floorOf(file: string): string | undefined {
  return Object.keys(FLOORS)
    .filter((floor) => file === floor || file.startsWith(`${floor}/`) || file.replace(/\.ts$/, '') === floor)
    .sort((a, b) => b.length - a.length)[0];
}

const within = (file: string, place: string): boolean => file === place || file.startsWith(`${place}/`);

describe('floors', () => {
  it('every source file stands on a floor', () => {
    assert.ok(files.length > 0, 'there are source files');
    assert.deepStrictEqual(
      files.filter((file) => floorOf(file) === undefined),
      [],
    );
  });

  it('no import climbs', () => {
    const climbing = imports.filter(({ from, to }) => {
      if (!isOwn(to)) return false;
      const floor = floorOf(from);
      if (floor === undefined) return true;
      return !within(to, floor) && !FLOORS[floor].some((allowed) => within(to, allowed));
    });
    assert.deepStrictEqual(
      climbing.map(({ from, to }) => `${from} imports ${to}`),
      [],
    );
  });

  it('no import goes in a circle', () => {
    const graph = new Map<string, string[]>();
    for (const { from, to } of imports) {
      if (!isOwn(to)) continue;
      const key = from.replace(/\.ts$/, '');
      graph.set(key, [...(graph.get(key) ?? []), to]);
    }
    assert.deepStrictEqual(findCircle(graph), []);
  });

  it('vscode and Node built-ins stay where they belong', () => {
    const foreign = imports.filter(({ from, to }) => {
      if (to === 'vscode') return !VSCODE_ALLOWED.some((place) => within(from, place));
      if (to.startsWith('node:')) return !NODE_ALLOWED.some((place) => within(from, place));
      return false;
    });
    assert.deepStrictEqual(
      foreign.map(({ from, to }) => `${from} imports ${to}`),
      [],
    );
  });
});

/** The first circle found, as the list of its files; empty if there is none. */
function findCircle(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const stack: string[] = [];
  const visit = (node: string): string[] => {
    if (stack.includes(node)) return [...stack.slice(stack.indexOf(node)), node];
    if (done.has(node)) return [];
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      const circle = visit(next);
      if (circle.length > 0) return circle;
    }
    stack.pop();
    done.add(node);
    return [];
  };
  for (const node of graph.keys()) {
    const circle = visit(node);
    if (circle.length > 0) return circle;
  }
  return [];
}
