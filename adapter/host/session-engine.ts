// session-engine.ts: the emulated engine as a debug session asks for it.

import { createMachine } from '../machine/create-machine';
import { decode } from '../machine/decode/decode';
import { formatInstruction } from '../machine/decode/format';
import type { DisassembledInstruction, Engine, ProgramLaunch } from '../session/engine';
import { Program } from '../symbols/program/program';
import type { StandardInput } from '../kernel/files/host';
import { canaryTrouble } from '../target/emulated/canary';
import { EmulatedTarget } from '../target/emulated/emulated-target';
import type { HostLoop } from '../target/emulated/slice-loop';
import { HostJournal, JournalRun } from '../target/recorded/host-journal';
import { RecordedTarget } from '../target/recorded/recorded-target';
import { SharedTarget } from '../target/shared/shared-target';
import type { Target } from '../target/target';
import { nodeHost, resolveLaunch, writableRoots } from './launch';
import { callbackOutput, fileInput, StreamInput } from './node-terminal';
import { listenForGdb } from './shared-gdb';
import { sessionClock, sessionFiles } from './session-files';

/**
 * `onBug`: what is thrown where nobody waits for an answer, while the program runs. `input`: what a program reads that
 * is given no file; left out, nothing.
 */
export function sessionEngine(onBug?: (error: unknown) => void, input: () => StandardInput = emptyInput): Engine {
  const guarded = (call: () => void) => (): void => {
    try {
      call();
    } catch (error) {
      if (onBug === undefined) throw error;
      onBug(error);
    }
  };
  const loop: HostLoop = {
    now: () => sessionClock.now(),
    soon: (callback) => {
      setImmediate(guarded(callback));
    },
    after: (delayMs, callback) => {
      setTimeout(guarded(callback), delayMs);
    },
  };
  return {
    files: sessionFiles,
    clock: { now: () => sessionClock.now(), after: (delayMs, call) => sessionClock.after(delayMs, guarded(call)) },
    createTarget: (launch) => {
      const target = createTarget(launch, loop, input);
      return launch.gdbserver === undefined ? target : withGdb(target, launch, launch.gdbserver, loop);
    },
    createSymbols: () => new Program((path) => sessionFiles.read(path)),
    canaryTrouble: () => canaryTrouble(createMachine),
    disassemble,
  };
}

/** The session gets a seat at the program, and a gdb may take the other. */
function withGdb(target: Target, launch: ProgramLaunch, port: number, loop: HostLoop): Target {
  const shared = new SharedTarget(target, loop.soon);
  listenForGdb(shared, launch.program, launch.args, port);
  return shared.host;
}

function emptyInput(): StandardInput {
  const input = new StreamInput();
  input.end();
  return { kind: 'stream', input, device: 'pipe' };
}

function createTarget(wish: ProgramLaunch, loop: HostLoop, input: () => StandardInput): Target {
  const environment = Object.entries(wish.env).map(([name, value]) => (value === null ? name : `${name}=${value}`));
  const launch = resolveLaunch({ program: wish.program, args: wish.args, cwd: wish.cwd, environment });
  const nowhere = callbackOutput('pipe', () => undefined);
  const stdin = wish.stdin === undefined ? input() : fileInput(wish.stdin);
  const host = nodeHost({ stdin, stdout: nowhere, stderr: nowhere, size: noSize });
  const parts = {
    createMachine,
    options: {
      cpus: wish.cpus,
      debugRegisters: wish.debugRegisters,
      writableRoots: writableRoots(launch.cwd, []),
      hostTime: wish.hostTime ?? false,
      debuggerShown: wish.debuggerShown ?? false,
    },
    launch,
    loop,
  };
  const comesAtItsTime = stdin.kind === 'stream' && !stdin.input.ended;
  if (comesAtItsTime || wish.recorded !== true) return new EmulatedTarget({ ...parts, host, stdin });
  const journal = new HostJournal(host.files);
  return new RecordedTarget({
    journal,
    makeRun: (isFirst) => {
      const files = new JournalRun(journal, isFirst);
      const again = stdin.kind === 'file' ? { ...stdin, file: files.given(() => stdin.file) } : emptyInput();
      return { target: new EmulatedTarget({ ...parts, host: { ...host, files }, stdin: again }), journal: files };
    },
  });
}

const noSize = () => ({ rows: 24, columns: 80 });

/** The decoder counts addresses as plain numbers: exact for every address that the emulated machine has. */
function disassemble(bytes: Uint8Array, address: bigint): DisassembledInstruction {
  const instruction = decode(bytes, 0, Number(address));
  const isNone = instruction.mnemonic === '(bad)';
  return { lengthBytes: instruction.length, text: isNone ? undefined : formatInstruction(instruction) };
}
