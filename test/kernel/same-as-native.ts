// same-as-native.ts: runs a program on the real machine and on the emulated one: the same output, the same end.

import * as assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { signalName } from '../../adapter/kernel/abi/signals.table';
import { runEmulated, type RunWish } from './emulated-run';

const endText = (code: number | null, signal: string | null): string => (signal === null ? `exit ${code}` : signal);

/** A program that hangs on the real machine is a mistake of the test's. */
const NATIVE_LIMIT_MS = 30_000;

export function sameAsNative(program: string, wish: RunWish = {}): void {
  const native = spawnSync(program, wish.args ?? [], {
    cwd: wish.cwd ?? '/tmp',
    env: Object.fromEntries((wish.environment ?? []).map((entry) => entry.split('=') as [string, string])),
    stdio: [wish.stdin === undefined ? 'ignore' : fs.openSync(wish.stdin, 'r'), 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: NATIVE_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  assert.strictEqual(native.error, undefined, `${program} on the real machine`);
  const emulated = runEmulated(program, wish);
  const { end } = emulated;
  assert.deepStrictEqual(emulated.notices, []);
  assert.strictEqual(emulated.stdout, native.stdout);
  assert.strictEqual(emulated.stderr, native.stderr);
  assert.strictEqual(
    end.kind === 'exited' ? endText(end.code, null) : endText(null, signalName(end.signal.signal)),
    endText(native.status, native.signal),
  );
}
