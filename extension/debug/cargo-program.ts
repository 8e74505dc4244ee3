// cargo-program.ts: which program Cargo makes of a Rust source, and where it puts it.
//
// Pure: files are read through the caller. Knows the layout that Cargo has by itself (src/main.rs, src/bin/, examples/)
// and names in the manifests; of manifests only what it needs, by lines.

import * as path from 'node:path';

export interface CargoProgram {
  /** As the dev profile builds it. */
  readonly program: string;
  /** The package's folder, with its Cargo.toml. */
  readonly root: string;
}

type ReadFile = (file: string) => string | undefined;

/** Undefined where the source is in no package. */
export function cargoProgram(source: string, read: ReadFile): CargoProgram | undefined {
  const manifests = ancestors(path.dirname(source)).flatMap((root) => {
    const text = read(path.join(root, 'Cargo.toml'));
    return text === undefined ? [] : [{ root, text }];
  });
  const own = manifests.find(({ text }) => packageName(text) !== undefined);
  if (own === undefined) return undefined;
  const place = programOf(path.relative(own.root, source), own.text);
  // A workspace has one target folder for all its packages.
  const workspace = manifests.find(({ text }) => /^\s*\[workspace\b/m.test(text));
  const home = workspace !== undefined && own.root.startsWith(workspace.root) ? workspace.root : own.root;
  return place === undefined ? undefined : { program: path.join(home, 'target', 'debug', place), root: own.root };
}

function programOf(relative: string, manifest: string): string | undefined {
  const declared = sections(manifest, '[[bin]]').find((bin) => field(bin, 'path') === relative);
  if (declared !== undefined) return field(declared, 'name');
  const [, folder, name] = /^(src\/bin|examples)\/([^/]+?)(?:\/.*|\.rs)$/.exec(relative) ?? [];
  if (folder === 'src/bin') return name;
  return folder === 'examples' ? path.join('examples', name) : packageName(manifest);
}

const packageName = (manifest: string): string | undefined =>
  sections(manifest, '[package]')
    .map((section) => field(section, 'name'))
    .at(0);

/** The lines beneath each such head, to the next one. */
function sections(manifest: string, head: string): readonly string[] {
  return manifest.split(/^(?=\s*\[)/m).filter((section) => section.trimStart().startsWith(head));
}

const field = (section: string, name: string): string | undefined =>
  new RegExp(`^\\s*${name}\\s*=\\s*["']([^"']+)["']`, 'm').exec(section)?.[1];

/** The folder itself, then those around it. */
function ancestors(folder: string): readonly string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
