// watch-texts.ts: what a person is told about a watch: its cost, its refusal, its end.

import type { TypeInfo } from '../symbols/program-symbols';
import { elementType } from '../symbols/types/base-types';
import { childExpression } from '../symbols/types/evaluate-name';
import { strip } from '../symbols/types/strip';
import type { ArmResult, SlotHolder, Target, WatchAccess, WatchId, WatchPiece } from '../target/target';
import { HARDWARE_REGISTERS, registerName } from '../protocol/register-name';
import { UserError } from '../util/user-error';
import type { AnchorGround } from './anchor';
import { placeName } from './place-name';
import { planRange } from './split';
import type { ArmedRange, Watch } from './watch';
import { hex } from '../util/hex';
import type { WatchTarget } from './watch-target';
import type { WatchPlace } from './watch-world';

/** Of the thread that has least left. */
export interface SlotBudget {
  readonly used: number;
  readonly total: number;
}

/** For an armed watch: which slots, what they see, what is left. */
export function armedText(watch: Watch, range: ArmedRange, { used, total }: SlotBudget): string {
  const registers = registersText(range.slots);
  const place = watch.place;
  const where = place === undefined ? '' : placeText(place);
  const life =
    place?.frame === undefined
      ? ''
      : ` Ends when this call of ${place.frame.functionName} (thread ${place.frame.thread}) does.`;
  const ownOf = place?.ofThread === undefined ? '' : ` Ends with thread ${place.ofThread}, whose own it is.`;
  const { via } = watch;
  const pointers = via === undefined ? '' : ` ${registersText(via.slots)} on the pointers that lead there.`;
  const threads = threadsText(watch);
  return `${registers} ${threads}: ${where}, ${modeText(watch)}.${pointers} ${used} of ${total} slots used.${life}${ownOf}`;
}

const placeText = ({ lengthBytes, address, threadPointer }: WatchPlace): string =>
  threadPointer === undefined ? `${bytesText(lengthBytes)} at ${hex(address)}` : `its own ${bytesText(lengthBytes)}`;

/** What is beyond x86's own is said to be. */
export function registersText(slots: readonly number[]): string {
  const names = slots.map(registerName).join(', ');
  const beyond = slots.filter((slot) => slot >= HARDWARE_REGISTERS);
  if (beyond.length === 0) return names;
  const which = slots.length === 1 ? 'no' : `${beyond.map(registerName).join(', ')}: no`;
  return `${names} (${which} x86 processor has ${beyond.length === 1 ? 'it' : 'them'})`;
}

function threadsText({ wish, onlyThread }: Watch): string {
  if (onlyThread !== undefined) return `on thread ${onlyThread}`;
  if (wish.threads === 'all') return 'on every thread';
  return 'name' in wish.threads ? `on threads named "${wish.threads.name}"` : `on thread ${wish.threads.id}`;
}

/** For an editor's tooltip and the views: armed or not comes first, and how often it was hit. */
export function stateText(watch: Watch): string {
  const { state, hits, message } = watch;
  if (state !== 'armed') return `Not armed: ${message}`;
  return `Armed, ${hits === 1 ? '1 hit' : `${hits} hits`}. ${message}`;
}

/** For a watch of an earlier session: what is no longer as it was then. */
export function sinceNote({ wish: { target }, place }: Watch): string | undefined {
  if (target.kind === 'address') return addressNote(target, place);
  const isNamed = target.kind === 'global' || target.kind === 'threadLocal';
  if (!isNamed || target.typeName === '' || place?.type === undefined) return undefined;
  if (place.type.name === target.typeName) return undefined;
  return `Its type has changed: it was ${target.typeName}, and is ${place.type.name}.`;
}

/** An address means something only in the run that it was taken from. */
function addressNote(target: WatchTarget & { kind: 'address' }, place: WatchPlace | undefined): string | undefined {
  if (target.isOld !== true || place === undefined) return undefined;
  if (target.anchor === undefined)
    return 'The address is of an earlier session: what lies there now may be something else.';
  if (place.address === target.address) return undefined;
  return `It was at ${hex(target.address)} in an earlier session, and has moved with \`${target.anchor.symbol}\`.`;
}

export function modeText(watch: Watch): string {
  const verbs = { stop: 'stops at', count: 'counts', log: 'logs' } as const;
  return `${verbs[watch.mode]} ${accessText(watch)}`;
}

function accessText(watch: Watch): string {
  switch (watch.wish.access) {
    case 'change':
      return 'changes of the value';
    case 'write':
      return 'every write';
    case 'read':
      return 'reads (x86 has no read-only watch: it sees reads and writes, and writes are passed over)';
    case 'access':
      return 'reads and writes';
  }
}

/** The slots a place takes, or the reason why no thread of this machine could ever watch it. */
export function planPlace(
  place: WatchPlace,
  access: WatchAccess,
  slotsPerThread: number,
): readonly WatchPiece[] | string {
  if (slotsPerThread === 0) {
    return 'This machine has no debug registers: launch with `debugRegisters` of 1 or more to watch data.';
  }
  try {
    const { threadPointer } = place;
    const pieces = planRange(place.label, place, slotsPerThread, narrower(place.label, place.type, 8 * slotsPerThread));
    return pieces.map((piece) => ({ ...piece, access, ...(threadPointer === undefined ? {} : { threadPointer }) }));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message;
  }
}

/** A part of it that would fit: the first member that does, else a part of the first. */
function narrower(label: string, whole: TypeInfo | undefined, mostBytes: number): string | undefined {
  const type = whole && strip(whole);
  const parts =
    type?.kind === 'array'
      ? [{ name: childExpression(label, { kind: 'element', index: 0 }), type: elementType(type) }]
      : (type?.members ?? [])
          .filter(({ name }) => name !== '')
          .map(({ name, type }) => ({ name: childExpression(label, { kind: 'member', name, arrow: false }), type }));
  const fitting = parts.find((part) => part.type.sizeBytes > 0 && part.type.sizeBytes <= mostBytes);
  if (fitting !== undefined) return fitting.name;
  return parts.map((part) => narrower(part.name, part.type, mostBytes)).find((name) => name !== undefined);
}

/** Names the thread, what is needed, what is free, and who holds the rest. */
export function refusedText(
  refusal: ArmResult & { kind: 'refused' },
  label: string,
  { target, ...ground }: AnchorGround & { readonly target: Target },
  ownerOf: (watch: WatchId) => string | undefined,
): string {
  const name = target.threads().find(({ id }) => id === refusal.thread)?.name;
  const thread = `thread ${refusal.thread}${name === undefined || name === '' ? '' : ` "${name}"`}`;
  const free = refusal.slotsFree === 0 ? 'no slot free' : `${refusal.slotsFree} free`;
  const needs = `\`${label}\` needs ${refusal.slotsNeeded} of ${target.slotsPerThread} debug registers`;
  const holders = refusal.holders.map((holder) => holderText(holder, ground, ownerOf)).join('; ');
  const held = holders === '' ? `(${refusal.errno})` : `Held by ${holders}.`;
  const missing = refusal.slotsNeeded - refusal.slotsFree;
  const room = missing > 1 ? `Free ${missing} of these slots` : 'Remove one of them';
  const extended = refusal.slotsFree + (target.mostSlots ?? 0) - target.slotsPerThread;
  const offer =
    extended < refusal.slotsNeeded
      ? `${room}: then this is armed.`
      : `${room}: then this is armed. Or extend it: registers beyond the four of x86, which only this emulation has, ` +
        'stop, count or log all the same.';
  return `${needs}, and ${thread} has ${free}. ${held} ${offer}`;
}

function holderText(holder: SlotHolder, ground: AnchorGround, ownerOf: (watch: WatchId) => string | undefined): string {
  const own = holder.watch === undefined ? undefined : ownerOf(holder.watch);
  const what = own ?? placeName(holder.address, holder.lengthBytes, ground) ?? hex(holder.address);
  const owner = own === undefined ? `: ${holder.label}` : '';
  return `${registerName(holder.index)} ${what} (${bytesText(holder.lengthBytes)})${owner}`;
}

/** `why`: the rest of a sentence, as in "its heap block was freed by …". */
export type EndReason = 'returned' | 'left' | 'thread' | { readonly why: string };

/** What a watch was for is over. `wasHeld`: it had slots until now. */
export function endedText(watch: Watch, reason: EndReason, wasHeld: boolean): string {
  const slots = wasHeld ? ' Its slots are free again.' : '';
  if (typeof reason === 'object') return `The watch on \`${watch.label}\` has ended: ${reason.why}.${slots}`;
  const frame = watch.place?.frame;
  const call = frame === undefined ? 'its frame' : `this call of ${frame.functionName}`;
  const how =
    reason === 'returned'
      ? `${call} has returned`
      : reason === 'left'
        ? `${call} was left without returning (longjmp, an exception, or a jump to another function)`
        : `thread ${frame?.thread ?? watch.place?.ofThread ?? ''} has ended`;
  return `The watch on \`${watch.label}\` has ended: ${how}.${slots}`;
}

/** Back in time, before a local's frame. */
export function notYetText(watch: Watch): string {
  const { frame, ofThread } = watch.place ?? {};
  if (ofThread !== undefined)
    return `Not armed in this part of the past: thread ${ofThread}, whose own \`${watch.label}\` is, had not begun.`;
  return `Not armed in this part of the past: the call of ${frame?.functionName ?? ''} that \`${watch.label}\` lives in had not begun.`;
}

export function bytesText(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`;
}
