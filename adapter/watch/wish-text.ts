// wish-text.ts: the ways in which a person names what to watch.
//
//     counter   cfg->flags   file.c:symbol     an expression
//     &counter                                 the same: C's address of it names its place
//     0x404050                                 an address; the number of bytes comes with it
//     0x404050 + 12   0x404050 - 0x40405c      a range; the end is exclusive
//     &table[1] - &table[3]                    a range between two places
//     fill::index                              a variable of the innermost call of that function
//
// Only the text is looked at: whether the names exist is the evaluation's to find out.

export type WishText =
  | { readonly kind: 'address'; readonly address: bigint }
  | { readonly kind: 'range'; readonly address: bigint; readonly lengthBytes: number }
  | { readonly kind: 'between'; readonly from: string; readonly to: string }
  | { readonly kind: 'inFunction'; readonly functionName: string; readonly expression: string; readonly whole: string }
  | { readonly kind: 'expression'; readonly expression: string };

const ADDRESS = /^0x[0-9a-f]{1,16}$/i;
const RANGE = /^(?<from>0x[0-9a-f]{1,16})\s*(?<how>[-+])\s*(?<to>0x[0-9a-f]{1,16}|\d{1,9})$/i;
const BETWEEN = /^&(?!&)(?<from>[^&]+?)\s*-\s*&(?!&)(?<to>[^&]+)$/s;
const IN_FUNCTION = /^(?<name>[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*)::(?<rest>[A-Za-z_]\w*(?![\w:]).*)$/s;
const PLACE = /^&(?!&)\s*(?<rest>.+)$/s;

export function readWishText(text: string): WishText {
  const trimmed = text.trim();
  if (ADDRESS.test(trimmed)) return { kind: 'address', address: BigInt(trimmed) };
  const range = RANGE.exec(trimmed)?.groups;
  if (range !== undefined) return rangeOf(BigInt(range.from), range.how, BigInt(range.to));
  const between = BETWEEN.exec(trimmed)?.groups;
  if (between !== undefined) return { kind: 'between', from: between.from, to: between.to };
  const expression = PLACE.exec(trimmed)?.groups?.rest ?? trimmed;
  const call = IN_FUNCTION.exec(expression)?.groups;
  if (call === undefined) return { kind: 'expression', expression };
  return { kind: 'inFunction', functionName: call.name, expression: call.rest, whole: expression };
}

/** A range that ends before it starts has a negative length, which is refused with its reason. */
function rangeOf(address: bigint, how: string, to: bigint): WishText {
  return { kind: 'range', address, lengthBytes: Number(how === '+' ? to : to - address) };
}
