// facts.ts: what an expression of a watch file is in its program: type, size, place, declaration.

import type { MemberInfo, SourceLocation, TypeInfo } from '../../symbols/program-symbols';
import { strip } from '../../symbols/types/strip';
import { UserError } from '../../util/user-error';
import { previewCost } from '../../watch/split';
import type { BoundPlace, FileProgram } from '../../watch/watch-file/bind-place';
import { localName } from '../../watch/inner-block';
import { bindPlace, localOf } from '../../watch/watch-file/bind-place';
import { convenienceOf } from '../../watch/watch-file/bind-watch-file';
import { hex } from '../../util/hex';

/** `12 bytes, unaligned: 3 slots, at 0x4041`. */
export function costText(place: BoundPlace, { isMoved }: FileProgram): string {
  const { address, lengthBytes, pointerSlots, bits, functionName, isThreadLocal, slots } = place;
  if (address !== undefined) {
    const bitText = bits === undefined ? '' : ` (${bits.width} bits from bit ${bits.offset})`;
    // An address that a person typed is meant as it is.
    const from = isMoved && !place.expression.startsWith('0x') ? ' from where it is loaded' : '';
    return `${previewCost(address, lengthBytes)}, at ${hex(address)}${from}${bitText}`;
  }
  if (isThreadLocal === true) return `${bytesText(lengthBytes)}: ${slotsText(slots)} of each thread, which has its own`;
  const where = functionName === undefined ? 'where the pointer points to' : `in each call of ${functionName}`;
  const pointers = pointerSlots === 0 ? '' : ` and ${slotsText(pointerSlots)} for the pointer on the way`;
  return `${previewCost(0n, lengthBytes)}${pointers}, ${where}`;
}

const bytesText = (bytes: number): string => (bytes === 1 ? '1 byte' : `${bytes} bytes`);

export const slotsText = (slots: number): string => (slots === 1 ? '1 slot' : `${slots} slots`);

/** The type of any expression; undefined where it is wrong. */
export function typeOf(expression: string, program: FileProgram, place?: BoundPlace): TypeInfo | undefined {
  const bound = bindPlace(expression, undefined, program);
  if (bound.kind === 'bound') return bound.place.type;
  try {
    return program.symbols.evaluate(expression, {
      memory: { isImagined: true, read: (_, lengthBytes) => new Uint8Array(Math.min(lengthBytes, 1 << 16)) },
      convenience: convenienceOf(place),
    }).type;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return undefined;
  }
}

/** Of a struct, or of what a pointer to one points to; those of anonymous members as if they were its own. */
export function membersOf(type: TypeInfo): readonly MemberInfo[] {
  const plain = strip(type);
  return (plain.members ?? []).flatMap((member) => (member.name === '' ? membersOf(member.type) : [member]));
}

export function pointee(type: TypeInfo): TypeInfo | undefined {
  const plain = strip(type);
  return plain.kind === 'pointer' || plain.kind === 'reference' ? plain.target : undefined;
}

/** The variable that an expression begins with: of `*queue.head->next` it is `queue`. */
export function rootOf(expression: string): string | undefined {
  return /^[^\w$]*((?:[\w$./+-]*\w\.\w+::?)?\w+(?:::\w+)*)/.exec(expression)?.[1];
}

/** What the expression means in that line of source, as a watch file writes it: `function::local`, `file.c:static`. */
export function qualified(expression: string, path: string, line: number, { symbols }: FileProgram): string {
  const root = /^[A-Za-z_]\w*(?!::)\b/.exec(expression)?.[0];
  if (root === undefined) return expression;
  const pc = symbols.addressesOfLine(path, line).addresses.at(0);
  const code = pc === undefined ? undefined : symbols.functionAt(pc);
  const local = pc === undefined || code === undefined ? undefined : localName(code, pc, root, symbols);
  if (local !== undefined) return `${local}${expression.slice(root.length)}`;
  const own = symbols.globalsNamed(root).filter(({ declaration }) => declaration?.path === path);
  const isOneOfSeveral = symbols.globalsNamed(root).length > 1 && own.length === 1;
  return isOneOfSeveral ? `${path.replace(/^.*\//, '')}:${expression}` : expression;
}

function attempted<T>(look: () => T | undefined): T | undefined {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return undefined;
  }
}

/** `expression`: a name, `file.c:name`, `function::local`. */
export function declarationOf(expression: string, { symbols }: FileProgram): SourceLocation | undefined {
  const variable = symbols.globalsNamed(expression).at(0);
  if (variable?.declaration !== undefined) return variable.declaration;
  const local = attempted(() => localOf(expression, symbols));
  if (local?.declaration !== undefined) return local.declaration;
  const code = symbols.functionsNamed(expression).at(0);
  return code?.declaration ?? (code === undefined ? undefined : symbols.locationOf(code.low));
}
