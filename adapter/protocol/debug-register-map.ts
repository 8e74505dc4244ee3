// debug-register-map.ts: the answer of the custom request `trapline/debugRegisters`.
//
// Fixed: tests and other editors rely on these shapes (docs/architecture.md, "What the outside may rely on").

export const DEBUG_REGISTERS_REQUEST = 'trapline/debugRegisters';
export const DEBUG_REGISTERS_CHANGED_EVENT = 'trapline/debugRegistersChanged';

export interface DebugRegister {
  /** 0…3, more where the launch or a watch asked for more. */
  index: number;
  state: 'free' | 'armed' | 'disabled';
  owner?: 'ptrace' | 'perf' | 'ksym' | 'kgdb';
  /** Who it is, for people: `ptrace`, `kgdb (all CPUs)`, `perf event of pid 12, fd 3`, `ksym counter:rw- (all CPUs)`. */
  holder?: string;
  /** Among a thread's: it is not the thread's own; these CPUs give it a slot, for whoever runs there. */
  cpus?: number[];
  /** 0x… */
  address?: string;
  lengthBytes?: 1 | 2 | 4 | 8;
  access?: 'execute' | 'write' | 'readWrite';
  /** 4 and up (people read EDR4): no x86 processor has it. */
  beyondHardware?: true;
  /** What the person asked for. */
  symbol?: string;
  hits?: number;
  oldValue?: string;
  newValue?: string;
}

export interface DebugRegisterMap {
  /** What the hardware holds. */
  cpus: { id: number; registers: DebugRegister[]; dr6: string; dr7: string }[];
  /** ptrace-style, virtual. */
  threads: { id: number; name: string; registers: DebugRegister[]; dr6: string; dr7: string }[];
  /** Of the thread that has least left. */
  slots: { total: number; used: number; free: number };
}
