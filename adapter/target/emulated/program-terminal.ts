// program-terminal.ts: the terminal that a debugged program has: its input, and its output told as events.
//
// Standard output looks like a terminal to the program, so that lines arrive when they are written.

import type { KernelHost, StandardInput } from '../../kernel/files/host';

const OUTPUT_DEVICE = 'terminal';
const NO_SIZE = { rows: 24, columns: 80 };

/** `tell` gets bytes of its own. */
export function programTerminal(
  stdin: StandardInput,
  tell: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void,
): KernelHost['terminal'] {
  const output = (stream: 'stdout' | 'stderr') =>
    ({
      device: OUTPUT_DEVICE,
      write: (bytes: Uint8Array): number => {
        tell(stream, bytes.slice());
        return bytes.length;
      },
    }) as const;
  return { stdin, stdout: output('stdout'), stderr: output('stderr'), size: () => NO_SIZE };
}
