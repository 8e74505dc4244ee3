// emulated-run.ts: runs a program on the emulated machine, in this process, and gives what it wrote and how it ended.

import * as fs from 'node:fs';
import { nodeHost } from '../../adapter/host/launch';
import { fileInput } from '../../adapter/host/node-terminal';
import { Kernel } from '../../adapter/kernel/kernel';
import type { HostTerminal } from '../../adapter/kernel/files/host';
import { type ProgramEnd, programEndOf } from '../../adapter/kernel/process/program-end';
import { createMachine } from '../../adapter/machine/create-machine';
import type { TracedInstruction } from '../../adapter/machine/machine';
import { assert } from '../../adapter/util/assert';

export interface EmulatedRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly end: ProgramEnd;
  readonly notices: readonly string[];
  readonly kernel: Kernel;
}

export interface RunWish {
  readonly args?: readonly string[];
  readonly environment?: readonly string[];
  readonly cwd?: string;
  /** A file. */
  readonly stdin?: string;
  readonly cpus?: number;
  /** Called before the first instruction. */
  readonly prepare?: (kernel: Kernel) => void;
  /** Each instruction is run alone and told. */
  readonly trace?: (instruction: TracedInstruction) => void;
}

export function runEmulated(program: string, wish: RunWish = {}): EmulatedRun {
  const output = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const sink = (stream: 'stdout' | 'stderr') => ({
    device: 'pipe' as const,
    write: (bytes: Uint8Array) => {
      output[stream].push(bytes.slice());
      return bytes.length;
    },
  });
  const terminal: HostTerminal = {
    stdin: fileInput(wish.stdin ?? '/dev/null'),
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    size: () => ({ rows: 24, columns: 80 }),
  };
  const cwd = fs.realpathSync(wish.cwd ?? '/tmp');
  const kernel = new Kernel({
    createMachine: (machine) => createMachine({ ...machine, trace: wish.trace }),
    host: nodeHost(terminal),
    options: { cpus: wish.cpus ?? 2, debugRegisters: 4, writableRoots: ['/tmp', cwd] },
  });
  const notices: string[] = [];
  let end: ProgramEnd | undefined;
  kernel.events.notice = (text) => notices.push(text);
  kernel.events.processEnded = (process, killedBy) => {
    if (process === kernel.context.init) end = programEndOf(process, killedBy);
  };
  kernel.start({ path: program, argv: [program, ...(wish.args ?? [])], environment: wish.environment ?? [], cwd });
  wish.prepare?.(kernel);
  const slice = kernel.runSlice(() => false);
  assert(end !== undefined, 'the program ended', slice);
  const text = (chunks: readonly Uint8Array[]): string => Buffer.concat(chunks).toString();
  return { stdout: text(output.stdout), stderr: text(output.stderr), end, notices, kernel };
}
