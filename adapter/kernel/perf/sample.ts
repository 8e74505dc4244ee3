// sample.ts: what is known of a hit at the moment it happens.

import type { Cpu, TaskRef } from '../sched/task';

/** One hit, as a sample shows it. */
export interface SampleInput {
  readonly task: TaskRef | undefined;
  readonly cpu: Cpu;
  readonly time: bigint;
  readonly userMode: boolean;
  /** Where execution stands: after the access for data, at the instruction for execute. */
  readonly instructionPointer: bigint;
  /** The breakpoint's address. */
  readonly address: bigint;
  readonly period: bigint;
}
