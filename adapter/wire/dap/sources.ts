// sources.ts: source files as the protocol names them; a number stands for one that is not on this machine.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Places } from './places';
import { baseName } from '../../util/base-name';

export class Sources {
  private readonly missing: string[] = [];

  constructor(private readonly places: Places) {}

  /** `exists` false: the editor will ask for its text by number; faintly shown unless it is the program's own. */
  source(path: string, exists: boolean, isOwn = false): DebugProtocol.Source {
    const name = baseName(path);
    const source = { name, path: this.places.pathOut(path) };
    if (exists) return source;
    const missing = { ...source, sourceReference: this.referenceOf(path) };
    return isOwn ? missing : { ...missing, presentationHint: 'deemphasize' };
  }

  /** The path behind a number. */
  pathOf(reference: number): string | undefined {
    return this.missing[reference - 1];
  }

  private referenceOf(path: string): number {
    const known = this.missing.indexOf(path);
    return known >= 0 ? known + 1 : this.missing.push(path);
  }
}
