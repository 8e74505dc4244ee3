// type-commands.ts: `whatis` and `ptype`: the type of an expression, or a type by name.

import type { MemberInfo, TypeInfo, VariableInfo } from '../../../symbols/program-symbols';
import { strip } from '../../../symbols/types/strip';
import { UserError } from '../../../util/user-error';
import { always, textAnswer, usageError } from '../command';
import type { ConsoleCommand, ConsoleContext } from '../command';

export const whatis: ConsoleCommand = {
  name: 'whatis',
  usage: 'whatis EXPRESSION',
  summary: 'The type of an expression.',
  argument: 'expression',
  need: always('standing'),
  run({ rest }, context) {
    if (rest === '') throw usageError(whatis, 'It needs an expression.');
    return textAnswer(`type = ${typeOf(rest, context).name}`);
  },
};

export const ptype: ConsoleCommand = {
  name: 'ptype',
  usage: 'ptype[/o] EXPRESSION | TYPE',
  summary: 'The type with its members; /o with offsets and sizes.',
  takesFormat: true,
  argument: 'expression',
  need: always('standing'),
  run({ rest, format }, context) {
    if (rest === '') throw usageError(ptype, 'It needs an expression or the name of a type.');
    if (format !== '' && format !== 'o') throw usageError(ptype, `\`/${format}\` is not known.`);
    return textAnswer(`type = ${definition(typeOf(rest, context), format === 'o')}`);
  },
};

/** A type's name first: `struct point` is no expression. */
function typeOf(text: string, context: ConsoleContext): TypeInfo {
  const { core, evaluate } = context;
  const named = core.debuggee.symbols.typeNamed(text.replace(/\s+/g, ' '));
  if (named !== undefined) return named;
  try {
    return evaluate(text).type;
  } catch (error) {
    const local = error instanceof UserError ? localNamed(text, context) : undefined;
    if (local !== undefined) return local.type;
    if (!(error instanceof UserError) || !/^(?:struct|union|enum|class)\s/.test(text)) throw error;
    throw new UserError('console-type', `No type \`${text}\` is known in this program.`);
  }
}

/** A variable has a type where it has no value: one that was optimized out. */
function localNamed(name: string, { core, frame }: ConsoleContext): VariableInfo | undefined {
  const locals = frame === undefined ? [] : core.debuggee.symbols.localsAt(frame.frame);
  return locals.find((variable) => variable.name === name);
}

/** Typedefs are opened, pointers keep their stars. */
function definition(type: TypeInfo, withOffsets: boolean, depth = 0): string {
  const inner = strip(type);
  if (inner.kind === 'pointer' && inner.target !== undefined) {
    const target = strip(inner.target);
    return target.kind === 'function' || target.kind === 'array'
      ? inner.name
      : starred(definition(inner.target, withOffsets));
  }
  if (inner.kind === 'array' && inner.target !== undefined) {
    if (strip(inner.target).kind === 'pointer') return inner.name;
    const dimensions = (inner.dimensions ?? []).map((each) => `[${each ?? ''}]`).join('');
    return `${definition(inner.target, withOffsets)} ${dimensions}`;
  }
  if (inner.enumerators !== undefined && inner.kind === 'enum') return enumText(inner);
  if (inner.members === undefined) return inner.name;
  const size = withOffsets ? ` /* ${inner.sizeBytes} bytes */` : '';
  const lines = inner.members.map(
    (member) =>
      `    ${offsetText(member, withOffsets)}${nestedText(member, withOffsets, depth) ?? memberText(member)};`,
  );
  return [`${inner.name} {${size}`, ...lines, '}'].join('\n');
}

/** `char **`, `struct point {…} *`. */
const starred = (text: string): string => `${text}${text.endsWith('*') ? '' : ' '}*`;

/** A member whose type has no name of its own is written out, so deep as gdb does. */
function nestedText({ name, type }: MemberInfo, withOffsets: boolean, depth: number): string | undefined {
  const element = type.kind === 'array' && type.target !== undefined ? type.target : type;
  if (depth > 0 || element.members === undefined || !element.name.endsWith('{...}')) return undefined;
  const body = definition(element, withOffsets, depth + 1)
    .replaceAll('\n', '\n    ')
    .replace(' {...} {', ' {');
  const dimensions = element === type ? '' : (type.dimensions ?? []).map((each) => `[${each ?? ''}]`).join('');
  return name === '' ? body : `${body} ${name}${dimensions}`;
}

function enumText({ name, enumerators = [] }: TypeInfo): string {
  let next = 0n;
  const names = enumerators.map((each) => {
    const text = each.value === next ? each.name : `${each.name} = ${each.value}`;
    next = each.value + 1n;
    return text;
  });
  return `${name} {${names.join(', ')}}`;
}

function offsetText({ offsetBytes, bitOffset, type }: MemberInfo, withOffsets: boolean): string {
  if (!withOffsets) return '';
  const at = bitOffset === undefined ? String(offsetBytes) : `${offsetBytes}:${bitOffset}`;
  return `/* ${at.padStart(5)} | ${String(type.sizeBytes).padStart(5)} */ `;
}

/** As C declares it: the name stands within the type of arrays and pointers to functions. */
function memberText({ name, type, bitSize }: MemberInfo): string {
  const bits = bitSize === undefined ? '' : ` : ${bitSize}`;
  const pointer = /^(.*\(\*+)(\).*)$/s.exec(type.name);
  if (pointer !== null) return `${pointer[1]}${name}${pointer[2]}${bits}`;
  const array = /^(.*?)\s*((?:\[\d*\])+)$/s.exec(type.name);
  if (array !== null) return `${array[1]} ${name}${array[2]}`;
  const gap = type.name.endsWith('*') || name === '' ? '' : ' ';
  return `${type.name}${gap}${name}${bits}`;
}
