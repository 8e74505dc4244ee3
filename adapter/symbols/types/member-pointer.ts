// member-pointer.ts: C++'s pointers to members as texts: `&T::b`, `0x401136 <T::f>`, `NULL`.
//
// Truth: Itanium C++ ABI 2.3: of data the offset, -1 for none; of a function its address, 0 for none, or one more than
// its place in the table of virtual functions.

import type { Value } from '../program-symbols';
import { bytesToInteger, bytesToUnsigned } from './integers';
import { strip } from './strip';
import { hex } from '../../util/hex';

interface Style {
  readonly symbolize?: (address: bigint) => string | undefined;
}

export function formatMemberPointer({ type, bytes }: Value, { symbolize }: Style): string {
  const pointer = strip(type).memberPointer;
  if (pointer === undefined || bytes.length < 8) return '<no value>';
  const { owner, target } = pointer;
  if (strip(target).kind !== 'function') {
    const offset = bytesToInteger(bytes.subarray(0, 8), true);
    if (offset === -1n) return 'NULL';
    const member = strip(owner).members?.find(({ offsetBytes, name }) => BigInt(offsetBytes) === offset && name !== '');
    return member === undefined ? `${owner.name} + ${offset} bytes` : `&${owner.name}::${member.name}`;
  }
  const address = bytesToUnsigned(bytes.subarray(0, 8));
  if (address === 0n) return 'NULL';
  if ((address & 1n) === 1n) return `&virtual function ${(address - 1n) / 8n} of ${owner.name}`;
  const name = symbolize?.(address);
  return `${hex(address)}${name === undefined ? '' : ` <${name}>`}`;
}
