// data-id.ts: the `dataId` of the protocol: everything a data breakpoint is, as text that survives a restart.
//
//     trapline:1;expr=cfg-%3Eflags;bytes=4;type=unsigned int;threads=all;access=write;mode=stop
//
// Version first; then fields, each key once, in any order; values with `%`, `;`, `=` and controls escaped. Unknown
// keys are kept out, so that an older Trapline reads what a newer one wrote with the same version.

import type { Anchor } from './anchor';
import { matchGroups } from '../util/match-groups';
import { UserError } from '../util/user-error';
import { hex } from '../util/hex';

/** What is watched. Addresses may be stale in another session; symbols and expressions are looked up anew. */
export type DataTarget =
  | { readonly kind: 'expression'; readonly text: string }
  | { readonly kind: 'symbol'; readonly name: string; readonly offsetBytes: number }
  | { readonly kind: 'address'; readonly address: bigint };

/** The frame that a local belongs to: the watch ends with it. */
export interface FrameIdentity {
  readonly function: string;
  /** The canonical frame address: it tells one activation from another. */
  readonly cfa: bigint;
  readonly thread: number;
}

export type DataAccess = 'change' | 'write' | 'read' | 'access';
export type DataMode = 'stop' | 'count' | 'log';

export interface DataId {
  readonly target: DataTarget;
  readonly lengthBytes: number;
  /** To notice, when it comes back, that the program has changed. */
  readonly typeName?: string;
  /** By number, or by name, which survives a restart. */
  readonly threads: 'all' | { readonly id: number } | { readonly name: string };
  /** What the breakpoint request may say differently. */
  readonly access?: DataAccess;
  readonly mode?: DataMode;
  readonly frame?: FrameIdentity;
  /** What the expression's pointers lead to, wherever that is. */
  readonly through?: boolean;
  /** The thread whose own it is: a thread-local variable. */
  readonly ownOf?: number;
  /** A thread-local variable: each thread's own. */
  readonly eachThread?: boolean;
  /** A local of whichever call is next; `lengthBytes` is 0. */
  readonly eachCall?: boolean;
  /** Not known yet: a library that is loaded later may bring it. `lengthBytes` is 0 where its type says it. */
  readonly awaited?: boolean;
  /** Of an address: the variable that it lies in. */
  readonly anchor?: Anchor;
}

const PREFIX = 'trapline:';
const VERSION = 1;

/** The text; `parseDataId` gives the same back. */
export function printDataId(id: DataId): string {
  const fields: (readonly [string, string])[] = [...targetFields(id.target), ['bytes', String(id.lengthBytes)]];
  if (id.typeName !== undefined) fields.push(['type', id.typeName]);
  fields.push(threadsField(id.threads));
  if (id.access !== undefined) fields.push(['access', id.access]);
  if (id.mode !== undefined) fields.push(['mode', id.mode]);
  if (id.through === true) fields.push(['through', 'yes']);
  if (id.ownOf !== undefined) fields.push(['ownOf', String(id.ownOf)]);
  if (id.eachThread === true) fields.push(['eachThread', 'yes']);
  if (id.eachCall === true) fields.push(['eachCall', 'yes']);
  if (id.awaited === true) fields.push(['awaited', 'yes']);
  if (id.anchor !== undefined) fields.push(['in', id.anchor.symbol], ['offset', String(id.anchor.offsetBytes)]);
  if (id.frame !== undefined) {
    fields.push(['frame', id.frame.function], ['cfa', hex(id.frame.cfa)], ['frameThread', String(id.frame.thread)]);
  }
  return `${PREFIX}${VERSION};${fields.map(([key, value]) => `${key}=${escape(value)}`).join(';')}`;
}

function targetFields(target: DataTarget): (readonly [string, string])[] {
  switch (target.kind) {
    case 'expression':
      return [['expr', target.text]];
    case 'symbol':
      return [
        ['symbol', target.name],
        ['offset', String(target.offsetBytes)],
      ];
    case 'address':
      return [['address', hex(target.address)]];
  }
}

function threadsField(threads: DataId['threads']): readonly [string, string] {
  if (threads === 'all') return ['threads', 'all'];
  return 'id' in threads ? ['thread', String(threads.id)] : ['threadName', threads.name];
}

const escape = (value: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are what must not get through
  value.replace(/[%;=\u0000-\u001f\ud800-\udfff]/gu, (char) => `%${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Undefined where an escape is damaged. */
function unescape(value: string): string | undefined {
  if (/%(?![0-9a-f]{4})/.test(value)) return undefined;
  return value.replace(/%([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

/** Reads a `dataId`; throws UserError where it is none of ours, or damaged. */
export function parseDataId(text: string): DataId {
  const fields = readFields(text);
  const lengthBytes = decimal(fields, 'bytes');
  const awaited = oneOf(fields, 'awaited', ['yes']) !== undefined;
  const eachCall = oneOf(fields, 'eachCall', ['yes']) !== undefined;
  if (lengthBytes === undefined || lengthBytes < (awaited || eachCall ? 0 : 1)) throw damaged('bytes');
  const typeName = fields.get('type');
  const access = oneOf(fields, 'access', ACCESSES);
  const mode = oneOf(fields, 'mode', MODES);
  const frame = readFrame(fields);
  const ownOf = decimal(fields, 'ownOf');
  const anchor = readAnchor(fields);
  const through = oneOf(fields, 'through', ['yes']) !== undefined;
  const eachThread = oneOf(fields, 'eachThread', ['yes']) !== undefined;
  return {
    target: readTarget(fields),
    lengthBytes,
    threads: readThreads(fields),
    ...(typeName === undefined ? {} : { typeName }),
    ...(access === undefined ? {} : { access }),
    ...(mode === undefined ? {} : { mode }),
    ...(frame === undefined ? {} : { frame }),
    ...(through ? { through } : {}),
    ...(ownOf === undefined ? {} : { ownOf }),
    ...(eachThread ? { eachThread } : {}),
    ...(awaited ? { awaited } : {}),
    ...(eachCall ? { eachCall } : {}),
    ...(anchor === undefined ? {} : { anchor }),
  };
}

const ACCESSES: readonly DataAccess[] = ['change', 'write', 'read', 'access'];
const MODES: readonly DataMode[] = ['stop', 'count', 'log'];

type Fields = ReadonlyMap<string, string>;

function readFields(text: string): Fields {
  if (!text.startsWith(PREFIX)) throw notOurs();
  const [version = '', ...parts] = text.slice(PREFIX.length).split(';');
  if (!/^\d{1,6}$/.test(version)) throw notOurs();
  if (Number(version) !== VERSION) throw otherVersion(version);
  const fields = new Map<string, string>();
  for (const part of parts) {
    const [key = '', value, ...more] = matchGroups(part.split('='));
    const plain = value === undefined ? undefined : unescape(value);
    if (plain === undefined || more.length > 0 || fields.has(key)) throw damaged(key);
    fields.set(key, plain);
  }
  return fields;
}

function decimal(fields: Fields, key: string): number | undefined {
  const text = fields.get(key);
  if (text === undefined) return undefined;
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value)) throw damaged(key);
  return value;
}

function address(fields: Fields, key: string): bigint | undefined {
  const text = fields.get(key);
  if (text === undefined) return undefined;
  if (!/^0x[0-9a-f]{1,16}$/.test(text)) throw damaged(key);
  return BigInt(text);
}

function oneOf<T extends string>(fields: Fields, key: string, allowed: readonly T[]): T | undefined {
  const text = fields.get(key);
  const value = allowed.find((each) => each === text);
  if (text !== undefined && value === undefined) throw damaged(key);
  return value;
}

function readTarget(fields: Fields): DataTarget {
  const text = fields.get('expr');
  const name = fields.get('symbol');
  const at = address(fields, 'address');
  if ([text, name, at].filter((each) => each !== undefined).length !== 1) throw damaged('expr, symbol or address');
  if (text !== undefined) return { kind: 'expression', text };
  if (name !== undefined) return { kind: 'symbol', name, offsetBytes: decimal(fields, 'offset') ?? 0 };
  return { kind: 'address', address: at ?? 0n };
}

function readThreads(fields: Fields): DataId['threads'] {
  const id = decimal(fields, 'thread');
  const name = fields.get('threadName');
  const all = oneOf(fields, 'threads', ['all']);
  if ([id, name, all].filter((each) => each !== undefined).length !== 1) throw damaged('threads');
  if (id !== undefined) return { id };
  return name === undefined ? 'all' : { name };
}

function readAnchor(fields: Fields): Anchor | undefined {
  const symbol = fields.get('in');
  return symbol === undefined ? undefined : { symbol, offsetBytes: decimal(fields, 'offset') ?? 0 };
}

function readFrame(fields: Fields): FrameIdentity | undefined {
  const name = fields.get('frame');
  const cfa = address(fields, 'cfa');
  const thread = decimal(fields, 'frameThread');
  if (name === undefined && cfa === undefined && thread === undefined) return undefined;
  if (name === undefined || cfa === undefined || thread === undefined) throw damaged('frame');
  return { function: name, cfa, thread };
}

export function notOurs(): UserError {
  return new UserError(
    'watch.dataIdNotOurs',
    'This data breakpoint was not made by Trapline. Remove it, and set it again from the Variables view.',
  );
}

export function otherVersion(version: string): UserError {
  return new UserError(
    'watch.dataIdVersion',
    `This data breakpoint was made by another version of Trapline (format ${version}, this one reads ${VERSION}). ` +
      'Remove it, and set it again from the Variables view.',
  );
}

export function damaged(field: string): UserError {
  return new UserError(
    'watch.dataIdDamaged',
    `This data breakpoint's description is damaged (${field === '' ? 'an empty field' : field}). ` +
      'Remove it, and set it again from the Variables view.',
  );
}
