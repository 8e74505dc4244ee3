// watch-arguments.ts: what our own requests say about a watch, read without trust.
//
// The shapes are adapter/protocol/watches.ts's. Throws UserError with what would be understood.

import type { WatchAccessName, WatchChange, WatchModeName, WatchOrigin, WatchSpec } from '../../protocol/watches';
import type { WatchThreadsName } from '../../protocol/watches';
import { UserError } from '../../util/user-error';
import type { Arguments } from './arguments';
import { isRecord } from './arguments';

const ACCESSES: readonly WatchAccessName[] = ['change', 'write', 'read', 'access'];
const MODES: readonly WatchModeName[] = ['stop', 'count', 'log'];
const ORIGINS: readonly WatchOrigin[] = ['editor', 'view', 'console', 'file'];
const TEXTS = ['condition', 'hitCondition', 'logMessage'] as const;

export function readWatchSpec(args: Arguments): WatchSpec {
  return {
    ...optional('expression', args.optionalString('expression')),
    ...optional('dataId', args.optionalString('dataId')),
    ...optional('lengthBytes', args.optionalNumber('lengthBytes')),
    ...optional('frameId', args.optionalNumber('frameId')),
    ...optional('through', optionalBoolean(args, 'through')),
    ...optional('mayCome', optionalBoolean(args, 'mayCome')),
    ...optional('origin', oneOf(args, 'origin', ORIGINS)),
    ...manner(args),
    ...texts(args),
  };
}

export function readWatchChange(args: Arguments): WatchChange {
  // null takes away, so it is told apart from what is absent.
  const named = TEXTS.filter((name) => args.raw[name] !== undefined);
  return {
    id: args.number('id'),
    ...manner(args),
    ...Object.fromEntries(named.map((name) => [name, args.optionalString(name) ?? null])),
  };
}

function texts(args: Arguments): Pick<WatchSpec, (typeof TEXTS)[number]> {
  return {
    ...optional('condition', args.optionalString('condition')),
    ...optional('hitCondition', args.optionalString('hitCondition')),
    ...optional('logMessage', args.optionalString('logMessage')),
  };
}

export function optionalMode(args: Arguments, name: string): WatchModeName | undefined {
  return oneOf(args, name, MODES);
}

function manner(args: Arguments): Pick<WatchSpec, 'access' | 'mode' | 'threads' | 'disabled' | 'extend'> {
  return {
    ...optional('access', oneOf(args, 'access', ACCESSES)),
    ...optional('mode', optionalMode(args, 'mode')),
    ...optional('threads', threads(args.raw.threads)),
    ...optional('disabled', optionalBoolean(args, 'disabled')),
    ...optional('extend', optionalBoolean(args, 'extend')),
  };
}

function optional<K extends string, T>(name: K, value: T | undefined): Partial<Record<K, T>> {
  const field: Partial<Record<K, T>> = {};
  if (value !== undefined) field[name] = value;
  return field;
}

function optionalBoolean(args: Arguments, name: string): boolean | undefined {
  const value = args.raw[name];
  return typeof value === 'boolean' ? value : undefined;
}

function oneOf<T extends string>(args: Arguments, name: string, allowed: readonly T[]): T | undefined {
  const text = args.optionalString(name);
  const value = allowed.find((each) => each === text);
  if (text !== undefined && value === undefined) throw notOneOf(name, text, allowed);
  return value;
}

function threads(value: unknown): WatchThreadsName | undefined {
  if (value === undefined || value === null) return undefined;
  if (value === 'all') return 'all';
  if (isRecord(value) && typeof value.id === 'number') return { id: value.id };
  if (isRecord(value) && typeof value.name === 'string') return { name: value.name };
  throw new UserError('bad-threads', '`threads` must be "all", { "id": number } or { "name": text }.');
}

function notOneOf(name: string, text: string, allowed: readonly string[]): UserError {
  return new UserError('not-one-of', `\`${name}\` is "${text}"; it must be one of ${allowed.join(', ')}.`);
}
