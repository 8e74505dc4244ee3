// lives-script.ts: what lives.c is told to do, as data, and what it then really does, step by step.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { scratch } from '../support/compiled';
import { overlaps, traceProgram } from './full-trace';
import type { TracedStep } from './full-trace';

/** See lives.c for what each does. */
export interface LifeAct {
  readonly kind: 'm' | 'c' | 'r' | 'f' | 'M' | 'R' | 'U' | 'w' | 'p' | 't' | 'k';
  readonly slot: number;
  readonly number: number;
  readonly value: number;
}

export const TICK: LifeAct = { kind: 'k', slot: 0, number: 0, value: 0 };

let files = 0;

/** A file for the program's standard input. */
export function livesInput(acts: readonly LifeAct[]): string {
  const file = path.join(scratch(), `lives-${files++}`);
  writeFileSync(file, acts.map(({ kind, slot, number, value }) => `${kind} ${slot} ${number} ${value}\n`).join(''));
  return file;
}

/** Of one instruction of the program's. */
export type LifeEvent =
  /** The act of that number begins. */
  | { readonly kind: 'act'; readonly number: number }
  | { readonly kind: 'write'; readonly address: bigint; readonly bytes: Uint8Array }
  /** Where the block of the slot lies from now on; 0: nowhere. */
  | { readonly kind: 'block'; readonly slot: number; readonly start: bigint }
  | { readonly kind: 'cursor'; readonly to: bigint };

/** Where the program has its variables. */
export interface LivesLayout {
  readonly blocks: bigint;
  readonly cursor: bigint;
  readonly current: bigint;
}

const BLOCK_BYTES = 24n;
const SLOTS = 4;
const STACK_BYTES = 1n << 20n;
const NUMBER_BYTES = 4;
const POINTER_BYTES = 8;

export function traceLives(program: string, stdin: string, layout: LivesLayout): readonly LifeEvent[] {
  const events: LifeEvent[] = [];
  traceProgram(program, stdin, (step) => {
    for (const access of step.accesses)
      if (access.writes) events.push(...eventsOf(access.first, access.end, step, layout));
  });
  return events;
}

/** What writing these bytes means. */
function eventsOf(first: bigint, end: bigint, step: TracedStep, layout: LivesLayout): LifeEvent[] {
  const { stackPointer, read } = step;
  if (first >= stackPointer - STACK_BYTES && first < stackPointer + STACK_BYTES) return [];
  const isAt = (at: bigint, lengthBytes: number): boolean => overlaps(first, end, at, at + BigInt(lengthBytes));
  const numberAt = (at: bigint, lengthBytes: number): bigint =>
    read(at, lengthBytes).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  if (isAt(layout.current, NUMBER_BYTES))
    return [{ kind: 'act', number: Number(numberAt(layout.current, NUMBER_BYTES)) }];
  if (isAt(layout.cursor, POINTER_BYTES)) return [{ kind: 'cursor', to: numberAt(layout.cursor, POINTER_BYTES) }];
  for (let slot = 0; slot < SLOTS; slot++) {
    const at = layout.blocks + BigInt(slot) * BLOCK_BYTES;
    if (isAt(at, POINTER_BYTES)) return [{ kind: 'block', slot, start: numberAt(at, POINTER_BYTES) }];
  }
  return [{ kind: 'write', address: first, bytes: read(first, Number(end - first)) }];
}
