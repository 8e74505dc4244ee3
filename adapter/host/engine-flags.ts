// engine-flags.ts: what V8 is told before it compiles translated code. test/bench/ measures each.

import v8 from 'node:v8';

/**
 * Hints: without them V8 keeps the cold arm of each access check in the way of hot loops. On by default from Node 25.
 * No stack checks: each loop of WebAssembly would look at the stack's limit in each round, with a register to hold it.
 * Translated code nests to a fixed depth (CALL_DEPTH in machine/cpu.ts), with frames of a few KiB; Linux gives 8 MiB.
 * Truth: WebAssembly branch hinting proposal; V8's src/flags/flag-definitions.h.
 */
export function preferHotPaths(): void {
  if (Number(process.versions.node.split('.')[0]) < 25) v8.setFlagsFromString('--experimental-wasm-branch-hinting');
  if (process.platform === 'linux') v8.setFlagsFromString('--no-wasm-stack-checks');
}
