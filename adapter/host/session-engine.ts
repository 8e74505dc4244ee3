// session-engine.ts: the emulated engine as a debug session asks for it.

import { createMachine } from '../machine/create-machine';
import { decode } from '../machine/decode/decode';
import { formatInstruction } from '../machine/decode/format';
import type { DisassembledInstruction, Engine, ProgramLaunch } from '../session/engine';
import { Program } from '../symbols/program/program';
import { EmulatedTarget } from '../target/emulated/emulated-target';
import type { Target } from '../target/target';
import { nodeHost, resolveLaunch, writableRoots } from './launch';
import { callbackOutput, fileInput, StreamInput } from './node-terminal';
import { sessionClock, sessionFiles } from './session-files';

export function sessionEngine(): Engine {
  return {
    files: sessionFiles,
    clock: sessionClock,
    createTarget,
    createSymbols: () => new Program(),
    disassemble,
  };
}

function createTarget(wish: ProgramLaunch): Target {
  const environment = Object.entries(wish.env).map(([name, value]) => (value === null ? name : `${name}=${value}`));
  const launch = resolveLaunch({ program: wish.program, args: wish.args, cwd: wish.cwd, environment });
  const nowhere = callbackOutput('pipe', () => undefined);
  const input = new StreamInput();
  input.end();
  return new EmulatedTarget({
    createMachine,
    host: nodeHost({
      stdin: { kind: 'stream', input, device: 'pipe' },
      stdout: nowhere,
      stderr: nowhere,
      size: noSize,
    }),
    options: {
      cpus: wish.cpus,
      debugRegisters: wish.debugRegisters,
      writableRoots: writableRoots(launch.cwd, []),
    },
    stdin: wish.stdin === undefined ? { kind: 'stream', input, device: 'pipe' } : fileInput(wish.stdin),
    launch,
    loop: {
      now: () => sessionClock.now(),
      soon: (callback) => {
        setImmediate(callback);
      },
      after: (delayMs, callback) => {
        setTimeout(callback, delayMs);
      },
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
