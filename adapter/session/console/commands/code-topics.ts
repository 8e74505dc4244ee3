// code-topics.ts: what `info` tells of code: `line`, `frame`, `source`, `sources`, `functions`, `sharedlibrary`.

import type { SourceLocation } from '../../../symbols/program-symbols';
import { UserError } from '../../../util/user-error';
import { placeText } from '../../stop-text';
import type { ConsoleContext } from '../command';
import { addressesOf, hereOf, placeOf } from '../locations';
import { decimalOffset } from '../scalar-format';
import { textTable } from '../text-table';
import { hex } from '../../../util/hex';
import { baseName } from '../../../util/base-name';

/** More names than a person reads. */
const MOST_NAMES = 200;

export function lineTopic(rest: string, context: ConsoleContext): string {
  const { symbols } = context.core.debuggee;
  const place = placeOf(rest, context);
  if (place.kind === 'line') {
    const found = symbols.addressesOfLine(place.path, place.line);
    if (found.line === place.line && found.addresses.length > 0) {
      return found.addresses
        .map((address) => rangeText(entryOf(address, found.line, context), place, context))
        .join('\n');
    }
    const next = found.addresses.map((address) => entryOf(address, found.line, context)).at(0);
    const title = `Line ${place.line} of "${baseName(place.path)}"`;
    if (next === undefined) return `${title} is out of range: no code was compiled for it.`;
    return `${title} is at address ${named(next, context)} but contains no code.`;
  }
  const address = place.kind === 'instruction' ? place.address : symbols.functionsNamed(place.name).at(0)?.low;
  const at = address ?? addressesOf(place, context).at(0) ?? 0n;
  const location = symbols.locationOf(at);
  if (location !== undefined) return rangeText(at, location, context);
  return `No line number information available for address ${named(at, context)}`;
}

/** Where a breakpoint goes behind the prologue, the line's code is the prologue's. */
function entryOf(address: bigint, line: number, { core }: ConsoleContext): bigint {
  const { symbols } = core.debuggee;
  const own = symbols.functionAt(address);
  const isEntry = own?.afterPrologue === address && symbols.locationOf(own.low)?.line === line;
  return isEntry ? own.low : address;
}

function rangeText(
  address: bigint,
  { path, line }: Pick<SourceLocation, 'path' | 'line'>,
  context: ConsoleContext,
): string {
  const range = context.core.debuggee.symbols.lineRange(address);
  const title = `Line ${line} of "${baseName(path)}"`;
  if (range === undefined) return `${title} is at address ${named(address, context)}.`;
  return `${title} starts at address ${named(range.start, context)} and ends at ${named(range.end, context)}.`;
}

function named(address: bigint, { core }: ConsoleContext): string {
  const name = core.debuggee.symbols.symbolize(address);
  return `${hex(address)}${name === undefined ? '' : ` <${decimalOffset(name)}>`}`;
}

export function frameTopic(context: ConsoleContext): string {
  const { core, frame: own } = context;
  const found = own ?? (context.thread === undefined ? undefined : core.stack.innermost(context.thread));
  if (found === undefined) throw new UserError('console-frame', 'No frame is chosen: pause the program first.');
  const { frame, index, thread } = found;
  const around = core.stack.page(thread, Math.max(index - 1, 0), 3).frames;
  const caller = around.find((each) => each.index === index + 1)?.frame;
  const inner = around.find((each) => each.index === index - 1)?.frame;
  const name = frame.function?.name ?? core.debuggee.codeName(frame.lookupPc);
  const place = frame.location === undefined ? '' : ` (${placeText(frame.location)})`;
  const saved = caller === undefined || caller.cfa === frame.cfa ? '' : `; saved rip = ${hex(caller.pc)}`;
  return [
    `Stack level ${index}, frame at ${hex(frame.cfa)}:`,
    ` rip = ${hex(frame.pc)} in ${name}${place}${saved}`,
    ...(frame.inlined ? [` inlined into frame ${index + 1}`] : []),
    ...(caller === undefined ? [] : [` called by frame at ${hex(caller.cfa)}`]),
    ...(inner === undefined ? [] : [` caller of frame at ${hex(inner.cfa)}`]),
    ...(frame.modulePath === undefined ? [] : [` of ${frame.modulePath}`]),
    ...savedRegisters(context),
  ].join('\n');
}

/** The return address lies below the frame's base. Truth: System V ABI x86-64, 3.2.2. */
function savedRegisters({ frame }: ConsoleContext): readonly string[] {
  return frame === undefined || frame.frame.inlined ? [] : [` Saved registers: rip at ${hex(frame.frame.cfa - 8n)}`];
}

export function sourceTopic(context: ConsoleContext): string {
  const { path, line } = hereOf(context);
  const kind =
    context.core.engine.files.kindOf(path) === 'file' ? 'It is on this machine.' : 'It is not on this machine.';
  return `Current source file is ${path}, line ${line}.\n${kind}`;
}

export function sourcesTopic(rest: string, { core }: ConsoleContext): string {
  return namesText(core.debuggee.symbols.sourceFiles(), rest, 'No source files are known: compile with -g.');
}

export function functionsTopic(rest: string, { core }: ConsoleContext): string {
  return namesText(core.debuggee.symbols.functionNames(), rest, 'No functions are known.');
}

export function variablesTopic(rest: string, { core }: ConsoleContext): string {
  const all = core.debuggee.symbols.globals().map(({ name, type }) => `${type.name} ${name};`);
  return namesText([...new Set(all)], rest, 'No globals are known.');
}

function namesText(all: readonly string[], pattern: string, none: string): string {
  const wanted = pattern === '' ? undefined : patternOf(pattern);
  const found = wanted === undefined ? all : all.filter((name) => wanted.test(name));
  if (found.length === 0) return all.length === 0 ? none : `None of ${all.length} matches \`${pattern}\`.`;
  const more = found.length - MOST_NAMES;
  return [...found.slice(0, MOST_NAMES), ...(more > 0 ? [`… and ${more} more: say a part of the name.`] : [])].join(
    '\n',
  );
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw new UserError('console-pattern', `\`${text}\` is no regular expression.`);
  }
}

export function libraryTopic(rest: string, { core }: ConsoleContext): string {
  const wanted = rest === '' ? undefined : patternOf(rest);
  const rows = core.debuggee.modules
    .filter(({ isMain, path }) => !isMain && (wanted === undefined || wanted.test(path)))
    .map(({ path, bias }) => [`0x${bias.toString(16).padStart(16, '0')}`, path]);
  if (rows.length === 0) return 'No shared libraries loaded at this time.';
  return textTable(['From', 'Shared Object Library'], rows).join('\n');
}
