// cargo-program.test.ts: what Cargo makes of a Rust source.

import * as assert from 'node:assert';
import { cargoProgram } from '../../extension/debug/cargo-program';

const SERVER = '[package]\nname = "server"\nversion = "0.1.0"\n\n[dependencies]\nname = "other"\n';

describe('the program that Cargo makes of a source', () => {
  const made = (source: string, files: Readonly<Record<string, string>>): unknown =>
    cargoProgram(source, (file) => files[file])?.program;

  it('has the name of the package, and lies in its target folder', () => {
    const files = { '/w/server/Cargo.toml': SERVER };
    assert.deepStrictEqual(
      cargoProgram('/w/server/src/main.rs', (file) => new Map(Object.entries(files)).get(file)),
      { program: '/w/server/target/debug/server', root: '/w/server' },
    );
    assert.strictEqual(made('/w/server/src/queue/ring.rs', files), '/w/server/target/debug/server');
  });

  it('has a name of its own in src/bin, in examples, and where the manifest says so', () => {
    const files = { '/w/Cargo.toml': `${SERVER}[[bin]]\nname = "tool"\npath = "tools/main.rs"\n` };
    assert.strictEqual(made('/w/src/bin/admin.rs', files), '/w/target/debug/admin');
    assert.strictEqual(made('/w/src/bin/admin/main.rs', files), '/w/target/debug/admin');
    assert.strictEqual(made('/w/examples/demo.rs', files), '/w/target/debug/examples/demo');
    assert.strictEqual(made('/w/tools/main.rs', files), '/w/target/debug/tool');
  });

  it('lies in the target folder of the workspace', () => {
    const files = { '/w/Cargo.toml': '[workspace]\nmembers = ["server"]\n', '/w/server/Cargo.toml': SERVER };
    assert.strictEqual(made('/w/server/src/main.rs', files), '/w/target/debug/server');
  });

  it('is none where no package is', () => {
    assert.strictEqual(made('/w/src/main.rs', {}), undefined);
    assert.strictEqual(made('/w/src/main.rs', { '/w/Cargo.toml': '[workspace]\n' }), undefined);
  });
});
