// create-machine.ts: the way into the emulated computer.

import { EmulatedAddressSpace } from './emulated-address-space';
import { EmulatedDebugRegisters } from './emulated-debug-registers';
import type { Machine, MachineOptions } from './machine';
import { TaskRegisters } from './registers';

export function createMachine(options: MachineOptions): Machine {
  return {
    createAddressSpace: () => new EmulatedAddressSpace(options),
    createRegisterFile: () => new TaskRegisters(),
    createDebugRegisters: (count) => new EmulatedDebugRegisters(count),
  };
}
