// floors.table.ts: which folder may import which. The plan is drawn in docs/architecture.md.
//
// A folder may always import itself. The longest matching entry counts.

const everywhere = ['adapter/protocol', 'adapter/util', 'adapter/judging'];
const kernelCore = ['adapter/kernel/sched', 'adapter/kernel/perf', 'adapter/kernel/hw-breakpoint'];
const kernelBelow = [...kernelCore, 'adapter/kernel/clients', 'adapter/kernel/abi'];

/** folder → the folders below it that it may import. */
export const FLOORS: Readonly<Record<string, readonly string[]>> = {
  'adapter/protocol': [],
  'adapter/util': [],
  'adapter/judging': [],
  'adapter/machine': [...everywhere],
  'adapter/kernel/abi': [...everywhere],
  'adapter/kernel/sched': [...everywhere, 'adapter/kernel/abi', 'adapter/machine'],
  'adapter/kernel/perf': [...everywhere, 'adapter/kernel/abi', 'adapter/kernel/sched'],
  'adapter/kernel/hw-breakpoint': [
    ...everywhere,
    'adapter/kernel/abi',
    'adapter/kernel/sched',
    'adapter/kernel/perf',
    'adapter/machine/debug-registers',
  ],
  'adapter/kernel/clients': [...everywhere, 'adapter/kernel/abi', ...kernelCore],
  'adapter/kernel': [...everywhere, ...kernelBelow, 'adapter/machine', 'adapter/symbols/elf'],
  'adapter/symbols': [...everywhere],
  'adapter/target': [...everywhere, 'adapter/kernel', 'adapter/machine', 'adapter/symbols'],
  'adapter/watch': [...everywhere, 'adapter/symbols', 'adapter/target/target'],
  'adapter/session': [...everywhere, 'adapter/watch', 'adapter/symbols', 'adapter/target/target'],
  'adapter/wire': [...everywhere, 'adapter/session', 'adapter/watch'],
  // gdb is the debugger there, so the stub drives the target's interface itself.
  'adapter/wire/gdb-remote': [...everywhere, 'adapter/target/target', 'adapter/watch', 'adapter/kernel/clients/kgdb'],
  // The vectors' bench drives the breakpoint layer directly, with a CPU of its own instead of the translator's:
  // what it proves is the layer.
  'adapter/wire/cli/vectors': [
    ...everywhere,
    ...kernelCore,
    'adapter/kernel/clients',
    'adapter/machine/debug-registers',
    'adapter/machine/machine',
  ],
  'adapter/wire/lsp': [...everywhere, 'adapter/watch', 'adapter/symbols'],
  // The host: hands files, clock and terminal in, and builds the engine that a verb asks for.
  'adapter/host': [
    ...everywhere,
    'adapter/kernel',
    'adapter/machine',
    'adapter/symbols',
    'adapter/target',
    'adapter/watch',
    'adapter/session',
    'adapter/wire',
  ],
  'adapter/main': [...everywhere, 'adapter/host', 'adapter/wire'],
  extension: ['adapter/protocol'],
};

/** Where Node's built-ins may be imported. */
export const NODE_ALLOWED: readonly string[] = [
  'adapter/main.ts',
  'adapter/host',
  'adapter/wire',
  'adapter/target/live',
  'extension',
];

/** Where `vscode` may be imported. */
export const VSCODE_ALLOWED: readonly string[] = ['extension'];
