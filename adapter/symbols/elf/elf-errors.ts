// elf-errors.ts: what may be wrong with an object file, one factory per failure.
//
// Each message says what failed, why, and the next step. Shown to the person as it is.

import { UserError } from '../../util/user-error';

const quote = (path: string): string => `\`${path}\``;

export function emptyFile(path: string): UserError {
  return new UserError('elf.empty', `${quote(path)} is empty. Build the program, then debug what the linker wrote.`);
}

/** `firstBytes` helps to tell a script from a picture. */
export function notAnElf(path: string, firstBytes: Uint8Array): UserError {
  const script = firstBytes[0] === 0x23 && firstBytes[1] === 0x21; // #!
  const foreign =
    firstBytes[0] === 0x4d && firstBytes[1] === 0x5a // MZ
      ? ' It looks like a Windows program.'
      : [0xcffaedfe, 0xcafebabe].includes(magicOf(firstBytes))
        ? ' It looks like a macOS program.'
        : '';
  return new UserError(
    'elf.notElf',
    script
      ? `${quote(path)} is a script, not a program file. Debug the program that the script starts.`
      : `${quote(path)} is not an ELF file, the format of Linux programs.${foreign} ` +
          'Give the program that the compiler and linker wrote for Linux on x86-64.',
  );
}

function magicOf(bytes: Uint8Array): number {
  return bytes.length < 4 ? 0 : ((bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]) >>> 0;
}

export function not64Bit(path: string): UserError {
  return new UserError(
    'elf.not64Bit',
    `${quote(path)} is a 32-bit ELF file; only 64-bit x86-64 programs can be debugged. Build it without -m32.`,
  );
}

export function notLittleEndian(path: string): UserError {
  return new UserError(
    'elf.bigEndian',
    `${quote(path)} is a big-endian ELF file, so it is for another CPU. Build it for x86-64.`,
  );
}

export function wrongMachine(path: string, machine: string): UserError {
  return new UserError(
    'elf.machine',
    `${quote(path)} is built for ${machine}; only x86-64 programs can be debugged. Build it for x86-64.`,
  );
}

/** `part` is what should have been there, as "its program headers". */
export function truncatedElf(path: string, part: string, neededBytes: number, haveBytes: number): UserError {
  return new UserError(
    'elf.truncated',
    `${quote(path)} is cut short: ${part} would end at byte ${neededBytes}, but the file has ${haveBytes} bytes. ` +
      'Build or copy it again.',
  );
}

export function badElf(path: string, why: string): UserError {
  return new UserError('elf.bad', `${quote(path)} is a damaged ELF file: ${why}. Build or copy it again.`);
}

export function badCompression(path: string, section: string, why: string): UserError {
  return new UserError(
    'elf.compression',
    `Section ${section} of ${quote(path)} cannot be decompressed: ${why}. ` +
      'Link with -Wl,--compress-debug-sections=none, or run objcopy --decompress-debug-sections on it.',
  );
}
