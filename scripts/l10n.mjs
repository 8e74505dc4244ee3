// l10n.mjs: `npm run l10n`: gathers the texts of extension/ into l10n/bundle.l10n.json, which translators copy to
// bundle.l10n.LANGUAGE.json beside it. (The manifest's own are in package.nls.json.)
//
// A text is the literal that is handed to `t`, to `counted` (two forms), or, in tables, to `localised`. A text that is put
// together first could not be translated: that is an error here. A unit test holds the file to the sources.

import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from './lib/setup.mjs';

const FOLDER = 'extension';
const FILE = 'l10n/bundle.l10n.json';
/** Function → which of its arguments are texts. */
const TAKES_TEXTS = new Map([
  ['t', [0]],
  ['localised', [0]],
  ['counted', [2, 3]],
]);

/** message → message, as VS Code wants it; sorted. */
export function bundle(directory = root) {
  const files = fs
    .readdirSync(path.join(directory, FOLDER), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(directory, FOLDER, file));
  const all = new Set(files.flatMap((file) => textsIn(fs.readFileSync(file, 'utf8'), path.relative(directory, file))));
  return `${JSON.stringify(Object.fromEntries([...all].sort().map((text) => [text, text])), null, 2)}\n`;
}

/** The texts of one source. Throws where one is no literal and is not taken from a table. */
export function textsIn(source, file = 'source.ts') {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found = [];
  const visit = (node) => {
    if (ts.isCallExpression(node)) {
      for (const index of TAKES_TEXTS.get(calledName(node.expression)) ?? []) {
        const argument = node.arguments[index];
        if (argument === undefined) continue;
        if (ts.isStringLiteralLike(argument)) found.push(argument.text);
        else if (ts.isTemplateExpression(argument) || ts.isBinaryExpression(argument)) {
          const { line } = tree.getLineAndCharacterOfPosition(argument.getStart());
          throw new Error(`${file}:${line + 1}: a text that is put together cannot be translated`);
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function calledName(callee) {
  if (ts.isIdentifier(callee)) return callee.text;
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : undefined;
}

if (process.argv[1] !== undefined && import.meta.url.endsWith(path.basename(process.argv[1]))) {
  fs.mkdirSync(path.join(root, path.dirname(FILE)), { recursive: true });
  fs.writeFileSync(path.join(root, FILE), bundle());
  console.log(`${FILE}: ${Object.keys(JSON.parse(bundle())).length} texts`);
}
