// examine-memory.ts: `x/FMT`: what to show, and where it goes on.
//
//     x/4xw &table      4 words in hexadecimal;  letters x d u o t z c a f, s strings, i instructions
//                       units b 1, h 2, w 4, g 8 bytes
//
// Letter and unit stay for the next `x`; without an address it goes on behind the last. Truth: the GDB manual,
// "Memory".

import { UserError } from '../../util/user-error';

export interface ExamineWish {
  readonly count: number;
  readonly letter: string;
  readonly unitBytes: number;
}

const UNITS: Readonly<Partial<Record<string, number>>> = { b: 1, h: 2, w: 4, g: 8 };
const LETTERS = 'xduotzcafsi';
const MOST = 4096;

export class ExamineMemory {
  private letter = 'x';
  private unit = 4;
  /** Behind what was shown last. */
  next: bigint | undefined;

  /** `format`: after the slash, '' for none. Throws UserError. */
  wish(format: string): ExamineWish {
    const [, digits = '', letters = ''] = /^(\d*)([a-z]*)$/.exec(format.toLowerCase()) ?? [];
    const count = digits === '' ? 1 : Number(digits);
    let unit: number | undefined;
    for (const each of letters) {
      if (UNITS[each] !== undefined) unit = UNITS[each];
      else if (LETTERS.includes(each)) this.letter = each;
      else throw badFormat(format, `\`${each}\` is no letter of a format`);
    }
    if (!Number.isInteger(count) || count < 1 || count > MOST) throw badFormat(format, `it shows 1 to ${MOST} units`);
    this.unit = unit ?? naturalUnit(this.letter, this.unit);
    return { count, letter: this.letter, unitBytes: this.unit };
  }
}

/** Addresses are 8 bytes and characters 1, whatever was shown before. */
function naturalUnit(letter: string, last: number): number {
  if (letter === 'a') return 8;
  if (letter === 'c') return 1;
  return letter === 'f' && last < 4 ? 8 : last;
}

function badFormat(format: string, why: string): UserError {
  return new UserError(
    'console-format',
    `\`x/${format}\`: ${why}. It is a count, a letter (x d u o t z c a f s i) and a unit (b h w g): \`x/4xw &table\`.`,
  );
}
