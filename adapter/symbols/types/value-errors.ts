// value-errors.ts: what a person may get wrong when typing a new value.

import { UserError } from '../../util/user-error';
import type { TypeInfo } from '../program-symbols';
import { strip } from './strip';

export function notANumber(text: string, type: TypeInfo): UserError {
  return new UserError(
    'value.notANumber',
    `"${text}" is no value of type \`${type.name}\`. Write a number (42, -1, 0x2a, 0b101), a character ('a') or true/false.`,
  );
}

export function outOfRange(text: string, type: TypeInfo, low: bigint, high: bigint, bitSize?: number): UserError {
  const what = bitSize === undefined ? `\`${type.name}\`` : `a bit-field of ${bitSize} bits`;
  return new UserError('value.outOfRange', `${text} does not fit ${what}: write a number from ${low} to ${high}.`);
}

export function notAFloat(text: string, type: TypeInfo): UserError {
  return new UserError(
    'value.notAFloat',
    `"${text}" is no value of type \`${type.name}\`. Write a number such as 3.5, -1e9, 0x1.8p3, inf or nan.`,
  );
}

export function notABoolean(text: string, type: TypeInfo): UserError {
  return new UserError(
    'value.notABoolean',
    `"${text}" is no value of type \`${type.name}\`. Write true, false, 1 or 0.`,
  );
}

export function notAnEnumerator(word: string, type: TypeInfo): UserError {
  const names = (strip(type).enumerators ?? []).map((each) => each.name);
  const shown = names.slice(0, 8).join(', ') + (names.length > 8 ? ', …' : '');
  const advice = names.length === 0 ? 'Write a number.' : `Write one of ${shown}, or a number.`;
  return new UserError('value.notAnEnumerator', `"${word}" is no enumerator of \`${type.name}\`. ${advice}`);
}

export function notAPointer(text: string, type: TypeInfo): UserError {
  return new UserError(
    'value.notAPointer',
    `"${text}" is no value of type \`${type.name}\`. Write an address such as 0x404010, or 0 or NULL.`,
  );
}

export function notText(text: string, type: TypeInfo): UserError {
  return new UserError('value.notText', `"${text}" is no value of type \`${type.name}\`. Write text in double quotes.`);
}

export function textTooLong(lengthBytes: number, type: TypeInfo, roomBytes: number): UserError {
  return new UserError(
    'value.textTooLong',
    `That text takes ${lengthBytes} bytes; \`${type.name}\` holds ${roomBytes}. Shorten it.`,
  );
}

export function setParts(type: TypeInfo): UserError {
  const part = strip(type).kind === 'array' ? 'elements' : 'members';
  return new UserError(
    'value.setParts',
    `A whole \`${type.name}\` cannot be set at once. Expand it and set its ${part} one by one.`,
  );
}

export function notSettable(type: TypeInfo): UserError {
  return new UserError(
    'value.notSettable',
    `A value of type \`${type.name}\` cannot be set: its layout is not known. Cast it to the type it has.`,
  );
}
