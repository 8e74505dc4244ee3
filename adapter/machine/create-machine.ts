// create-machine.ts: the way into the emulated computer.

import { EmulatedAddressSpace } from './emulated-address-space';
import { EmulatedDebugRegisters } from './emulated-debug-registers';
import type { Machine, MachineOptions } from './machine';
import { TaskRegisters } from './registers';
import { TranslationStore } from './translate/translation-store';

export function createMachine(options: MachineOptions): Machine {
  const store = new TranslationStore();
  return {
    createAddressSpace: () => new EmulatedAddressSpace(options, store),
    createRegisterFile: () => new TaskRegisters(),
    createDebugRegisters: (count) => new EmulatedDebugRegisters(count),
  };
}
