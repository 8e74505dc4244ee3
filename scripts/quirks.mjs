// quirks.mjs: `npm run quirks`: gathers the comments marked `Quirk:` into docs/quirks.md.
//
// A quirk is a deliberate deviation from Linux, the CPU or the protocol. Its text runs from the mark to the end of the
// comment or to a blank comment line. `--check` changes nothing and fails where the file is not current.

import fs from 'node:fs';
import path from 'node:path';
import { root } from './lib/setup.mjs';

const SOURCES = ['adapter', 'extension'];
const FILE = 'docs/quirks.md';
const MARK = /^\s*(?:\/\/|\/\*\*?|\*)?\s*Quirk: ?(.*)$/;
const COMMENT = /^\s*(?:\/\/|\*(?!\/))\s?(.*)$/;

/** The text of docs/quirks.md as it should be now. */
export function quirksDocument(directory = root) {
  const sections = SOURCES.flatMap((folder) => sourceFiles(directory, folder)).flatMap((file) => {
    const quirks = quirksIn(fs.readFileSync(path.join(directory, file), 'utf8'));
    return quirks.length === 0 ? [] : [`## ${file}\n\n${quirks.map((quirk) => `- ${quirk}`).join('\n')}`];
  });
  const head = [
    '# Quirks',
    '',
    'Where Trapline deliberately differs from Linux, from the CPU, or from the protocol. Gathered from the comments marked',
    '`Quirk:` by `npm run quirks`; edit those, not this file.',
  ].join('\n');
  return `${[head, ...(sections.length === 0 ? ['None so far.'] : sections)].join('\n\n')}\n`;
}

/** The quirks of one source text, each on one line. */
export function quirksIn(text) {
  const found = [];
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const behindCode = /\S.*\/\/ Quirk: ?(.*)$/.exec(line)?.[1];
    if (behindCode !== undefined) found.push(behindCode.trim());
    const first = MARK.exec(line)?.[1];
    if (first === undefined) continue;
    const words = [first];
    for (const next of lines.slice(index + 1)) {
      const more = COMMENT.exec(next)?.[1].trim();
      if (more === undefined || more === '' || MARK.test(next) || /^@|^Truth:/.test(more)) break;
      words.push(more);
    }
    found.push(
      words
        .join(' ')
        .replace(/\s*\*\/\s*$/, '')
        .trim(),
    );
  }
  return found;
}

function sourceFiles(directory, folder) {
  return fs
    .readdirSync(path.join(directory, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.posix.join(folder, file))
    .sort();
}

if (process.argv[1] !== undefined && import.meta.url.endsWith(path.basename(process.argv[1]))) {
  const file = path.join(root, FILE);
  const wanted = quirksDocument();
  const isCurrent = fs.existsSync(file) && fs.readFileSync(file, 'utf8') === wanted;
  if (process.argv.includes('--check')) {
    if (!isCurrent) console.error(`${FILE} is not current: npm run quirks`);
    process.exitCode = isCurrent ? 0 : 1;
  } else {
    fs.writeFileSync(file, wanted);
    console.log(`${FILE}: ${wanted.split('\n- ').length - 1} quirks`);
  }
}
