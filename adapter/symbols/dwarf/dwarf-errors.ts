// dwarf-errors.ts: what may be wrong with debug information, one factory per failure.

import { UserError } from '../../util/user-error';
import { hex } from '../../util/hex';

const REBUILD = 'Build the program again with -g (gcc and clang: -gdwarf-5 or -gdwarf-4).';

export function unsupportedVersion(path: string, what: string, version: number): UserError {
  return new UserError(
    'dwarf.version',
    `${what} of \`${path}\` is of DWARF version ${version}; 2 to 5 are understood. ${REBUILD}`,
  );
}

export function unsupportedForm(path: string, form: number): UserError {
  return new UserError(
    'dwarf.form',
    `The debug information of \`${path}\` holds a value of unknown form ${hex(form)}: it is damaged or newer than DWARF 5. ${REBUILD}`,
  );
}

export function badDebugInfo(path: string, why: string): UserError {
  return new UserError('dwarf.bad', `The debug information of \`${path}\` is damaged: ${why}. ${REBUILD}`);
}
