// masks.ts: values as text, with what differs from run to run named by kind and order: T1, B2, F1, R3, 0x….

import path from 'node:path';

/** By the key that holds it, where `id` is told by what is beside it. */
const KINDS: Readonly<Partial<Record<string, string>>> = {
  threadId: 'T',
  hitBreakpointIds: 'B',
  frameId: 'F',
  variablesReference: 'R',
  declarationLocationReference: 'L',
};

/** Of the machine that the test runs on, or of the program's loading. */
const LEFT_OUT = new Set(['moduleId', 'presentationHint', 'sourceReference', 'declarationLocationReference']);

export class Masks {
  private readonly names = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  text(value: unknown): string {
    if (value === undefined) return '';
    return this.any(value, '');
  }

  /** A sentence: thread numbers and addresses. */
  words(text: string): string {
    return text
      .replace(/\b(thread |frameThread=|ownOf=)(\d+)/g, (_, before: string, id: string) => before + this.name('T', id))
      .replace(/(\/[\w.+-]+)+\//g, '')
      .replace(/0x[0-9a-f]{4,}/g, '0x…');
  }

  private any(value: unknown, key: string): string {
    if (typeof value === 'string') return JSON.stringify(this.words(value));
    if (Array.isArray(value)) return `[${value.map((each) => this.any(each, key)).join(', ')}]`;
    if (typeof value === 'object' && value !== null) return this.object(Object.entries(value), key);
    const kind = KINDS[key];
    return kind === undefined || value === 0 ? String(value) : this.name(kind, String(value));
  }

  private object(fields: readonly (readonly [string, unknown])[], holder: string): string {
    const shown = fields.filter(([key]) => !LEFT_OUT.has(key));
    const texts = shown.map(([key, value]) => {
      if (key === 'id') return `id: ${this.name(idKind(holder), String(value))}`;
      if (key === 'path' && typeof value === 'string') return `path: ${JSON.stringify(path.basename(value))}`;
      return `${key}: ${this.any(value, key)}`;
    });
    return `{${texts.join(', ')}}`;
  }

  private name(kind: string, value: string): string {
    const known = this.names.get(kind + value);
    if (known !== undefined) return known;
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    const name = `${kind}${count}`;
    this.names.set(kind + value, name);
    return name;
  }
}

function idKind(holder: string): string {
  if (holder === 'stackFrames') return 'F';
  return holder === 'threads' ? 'T' : 'B';
}
