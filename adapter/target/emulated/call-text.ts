// call-text.ts: a system call in words: `read(3, 0x4040a0, 64)`.

import { CALL_SIGNATURES } from '../../kernel/abi/call-signatures.table';
import { syscallName } from '../../kernel/abi/syscall-names.table';
import type { Task } from '../../kernel/process/task';
import { hex } from '../../util/hex';

/** rdi rsi rdx r10 r8 r9; of 32-bit calls ebx ecx edx esi edi ebp. */
const ARGUMENTS = [7, 6, 2, 10, 8, 9];
const COMPAT_ARGUMENTS = [3, 1, 2, 6, 7, 5];

/**
 * The call that the task is in; its argument registers stay as they were until the program runs again. Undefined
 * outside of calls.
 */
export function callText(task: Task): string | undefined {
  if (task.currentCall < 0) return undefined;
  const name = syscallName(task.currentCall);
  const signature = CALL_SIGNATURES[name];
  if (signature === undefined) return `${name}()`;
  const registers = task.compatCall ? COMPAT_ARGUMENTS : ARGUMENTS;
  const values = Array.from(signature, (kind, index) => {
    const raw = task.registers.readGpr(registers[index]);
    return argumentText(kind, task.compatCall ? BigInt.asUintN(32, raw) : raw);
  });
  return `${name}(${values.join(', ')})`;
}

function argumentText(kind: string, value: bigint): string {
  switch (kind) {
    case 'd':
      return String(BigInt.asIntN(32, value));
    case 'u':
      return String(value);
    case 'p':
      return value === 0n ? 'NULL' : hex(value);
    default:
      return hex(value);
  }
}
