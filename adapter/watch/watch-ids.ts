// watch-ids.ts: watch targets as the protocol's `dataId` texts, and back.
//
// Within a session an id means exactly what was offered (its address, its frame); an id of an earlier session is read
// from its text alone.

import type { WatchModeName } from '../protocol/watches';
import { parseDataId, printDataId } from './data-id';
import type { DataId } from './data-id';
import type { WatchAccessWish, WatchThreads } from './watch';
import { readLocalChoice } from './inner-block';
import type { WatchTarget } from './watch-target';
import { readWishText } from './wish-text';

/** What an id may say beside the target; the breakpoint's own access type otherwise. */
export interface WatchManner {
  readonly threads?: WatchThreads;
  readonly access?: WatchAccessWish | undefined;
  readonly mode?: WatchModeName | undefined;
}

export interface WatchIdentity {
  readonly target: WatchTarget;
  readonly threads: WatchThreads;
  readonly access: WatchAccessWish | undefined;
  readonly mode: WatchModeName | undefined;
}

export class WatchIds {
  private readonly offered = new Map<string, WatchTarget>();

  print(target: WatchTarget, manner: WatchManner = {}): string {
    const id = printDataId(dataIdOf(target, manner));
    this.offered.set(id, target);
    return id;
  }

  /** Throws UserError where the text is no id of ours. */
  parse(text: string): WatchIdentity {
    const id = parseDataId(text);
    const target = this.offered.get(text) ?? targetOf(id);
    return { target, threads: id.threads, access: id.access, mode: id.mode };
  }
}

function dataIdOf(target: WatchTarget, { threads, access, mode }: WatchManner): DataId {
  const rest = {
    lengthBytes: target.lengthBytes,
    threads: threads ?? ('all' as const),
    ...(access === undefined ? {} : { access }),
    ...(mode === undefined ? {} : { mode }),
    ...((target.typeName ?? '') === '' ? {} : { typeName: target.typeName }),
  };
  switch (target.kind) {
    case 'global':
      return { target: { kind: 'expression', text: target.expression }, ...rest };
    case 'local': {
      const frame = { function: target.functionName, cfa: target.cfa, thread: target.thread };
      return { target: { kind: 'expression', text: target.expression }, ...rest, frame };
    }
    case 'through': {
      const { call } = target;
      const frame =
        call === undefined ? {} : { frame: { function: call.functionName, cfa: call.cfa, thread: call.thread } };
      return { target: { kind: 'expression', text: target.expression }, ...rest, ...frame, through: true };
    }
    case 'threadLocal':
      return {
        target: { kind: 'expression', text: target.expression },
        ...rest,
        ...(target.thread === undefined ? { eachThread: true } : { ownOf: target.thread }),
      };
    case 'eachCall':
      return { target: { kind: 'expression', text: target.expression }, ...rest, eachCall: true };
    case 'awaited':
      return { target: { kind: 'expression', text: target.expression }, ...rest, awaited: true };
    case 'address': {
      const { anchor } = target;
      return { target: { kind: 'address', address: target.address }, ...rest, ...(anchor && { anchor }) };
    }
  }
}

function targetOf(id: DataId): WatchTarget {
  const { target, lengthBytes, frame } = id;
  if (target.kind === 'address') {
    const typed = id.typeName === undefined ? {} : { typeName: id.typeName };
    const { anchor } = id;
    return { kind: 'address', address: target.address, lengthBytes, ...typed, ...(anchor && { anchor }), isOld: true };
  }
  const expression = target.kind === 'symbol' ? symbolText(target.name, target.offsetBytes, lengthBytes) : target.text;
  const shape = { expression, lengthBytes, typeName: id.typeName ?? '' };
  const call = frame === undefined ? undefined : { thread: frame.thread, cfa: frame.cfa, functionName: frame.function };
  if (id.eachCall === true)
    return eachCallOf(expression, lengthBytes) ?? { kind: 'awaited', expression, lengthBytes, typeName: '' };
  if (id.awaited === true) return { kind: 'awaited', expression, lengthBytes, typeName: '' };
  if (id.eachThread === true) return { kind: 'threadLocal', ...shape };
  if (id.ownOf !== undefined) return { kind: 'threadLocal', ...shape, thread: id.ownOf };
  if (id.through === true) return { kind: 'through', ...shape, ...(call === undefined ? {} : { call }) };
  return call === undefined ? { kind: 'global', ...shape } : { kind: 'local', ...shape, ...call };
}

/** `fill::i`, `fill::L20::i.member`; undefined where the text names no function. */
export function eachCallOf(expression: string, lengthBytes = 0): WatchTarget | undefined {
  const wish = readWishText(expression);
  if (wish.kind !== 'inFunction') return undefined;
  const { functionName, line } = readLocalChoice(wish.functionName);
  return {
    ...{ kind: 'eachCall', expression, functionName, local: wish.expression, lengthBytes, typeName: '' },
    ...(line === undefined ? {} : { line }),
  };
}

const UNSIGNED: Readonly<Partial<Record<number, string>>> = {
  1: 'unsigned char',
  2: 'unsigned short',
  4: 'unsigned int',
  8: 'unsigned long',
};

/** A part of a symbol without a type of its own is unsigned numbers. */
function symbolText(name: string, offsetBytes: number, lengthBytes: number): string {
  if (offsetBytes === 0) return name;
  const type = UNSIGNED[lengthBytes];
  const pointer = type === undefined ? `unsigned char (*)[${lengthBytes}]` : `${type} *`;
  return `*(${pointer})((char *)&${name} + ${offsetBytes})`;
}
