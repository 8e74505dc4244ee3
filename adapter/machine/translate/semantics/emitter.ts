// emitter.ts: the shape of an instruction's description.

import type { EmitContext } from '../emit-context';

/** Emits the instruction that `context.instruction` holds. See emit-context.ts for the rule of precise faults. */
export type InstructionEmitter = (context: EmitContext) => void;

/** Mnemonic → description. */
export type EmitterTable = Readonly<Record<string, InstructionEmitter>>;
