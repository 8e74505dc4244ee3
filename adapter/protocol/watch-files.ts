// watch-files.ts: what the extension and the language server of `.watch` files tell each other beyond the protocol.

import type { WatchSpec } from './watches';

/** Client → server: the program of the running session, for files that name none. */
export const PROGRAM_NOTIFICATION = 'trapline/program';
/** Client → server: what a session or a check has seen of a file's lines. */
export const SEEN_NOTIFICATION = 'trapline/seen';
/** Client → server: the watches of a file, to be armed in a session. */
export const SPECS_REQUEST = 'trapline/watchSpecs';

/** Client → server: how a watch file names what an expression means in a line of source. */
export const QUALIFY_REQUEST = 'trapline/qualify';

export interface QualifyParams {
  /** The watch file's; it must be open. */
  uri: string;
  expression: string;
  /** The source's, absolute. */
  path: string;
  /** From 1. */
  line: number;
}

/** The expression where nothing better is known: `function::local`, `file.c:static`. */
export interface QualifyAnswer {
  expression: string;
}

/** The extension's commands behind code lenses. Arguments: the file's URI; with `armLine` its line, from 0. */
export const ARM_FILE_COMMAND = 'trapline.watchFile.arm';
export const ARM_LINE_COMMAND = 'trapline.watchFile.armLine';
export const CHECK_COMMAND = 'trapline.watchFile.check';

export interface ProgramParams {
  /** Absolute; undefined: no session any more. */
  program?: string;
}

export interface SeenParams {
  uri: string;
  /** `text`: for a code lens: `12 hits`. */
  lines: { /** From 0. */ line: number; text: string }[];
}

export interface SpecsParams {
  uri: string;
  /** From 0; all lines where absent. */
  line?: number;
}

export interface SpecsAnswer {
  program?: string;
  lines: { line: number; title: string; spec: WatchSpec }[];
  /** Lines that cannot be armed, with the sentence why. */
  mistakes: { line: number; message: string }[];
}
