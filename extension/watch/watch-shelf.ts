// watch-shelf.ts: the watches of a folder that come back in the next session.
//
// Pure: over a memory that keeps plain data (VS Code's workspaceState). Each entry has a key for life; what is kept is a
// wish (`WatchSpec`), whose `dataId` is the adapter's versioned text. Locals and memory by number are not kept: another
// run has others; but what lies in a variable is found again.

import type { WatchChange, WatchSpec, WatchView } from '../../adapter/protocol/watches';

export interface StoredWatch {
  readonly key: string;
  readonly label: string;
  /** Of which program; absent until it was bound once. */
  readonly program?: string;
  readonly spec: WatchSpec;
}

/** The part of VS Code's Memento that is used. */
export interface ShelfMemory {
  get(key: string): unknown;
  update(key: string, value: unknown): unknown;
}

const MEMORY_KEY = 'trapline.watches.1';

export class WatchShelf {
  private entries: readonly StoredWatch[];
  private next = 1;

  constructor(private readonly memory: ShelfMemory) {
    const kept = memory.get(MEMORY_KEY);
    // Another version, or another hand, may have written it: what is not understood is left out.
    this.entries = Array.isArray(kept) ? kept.filter(isStored) : [];
  }

  get all(): readonly StoredWatch[] {
    return this.entries;
  }

  /** Those that a session of this program starts with. */
  of(program: string): readonly StoredWatch[] {
    return this.entries.filter((entry) => entry.program === undefined || entry.program === program);
  }

  /** A wish from before any session; answers its key. */
  add(label: string, spec: WatchSpec, program?: string): string {
    const key = this.freshKey();
    this.put({ key, label, spec, ...(program === undefined ? {} : { program }) });
    return key;
  }

  /** In its old place where the key is known, else at the end. Writes only what is new. */
  put(entry: StoredWatch): void {
    const known = this.entries.find(({ key }) => key === entry.key);
    if (known !== undefined && JSON.stringify(known) === JSON.stringify(entry)) return;
    this.write(
      known === undefined
        ? [...this.entries, entry]
        : this.entries.map((each) => (each.key === entry.key ? entry : each)),
    );
  }

  remove(key: string): void {
    if (this.entries.some((entry) => entry.key === key)) this.write(this.entries.filter((entry) => entry.key !== key));
  }

  /** The same change that a running adapter would be asked for. */
  change(key: string, change: WatchChange): void {
    const entry = this.entries.find((each) => each.key === key);
    if (entry !== undefined) this.put({ ...entry, spec: changedSpec(entry.spec, change) });
  }

  private freshKey(): string {
    while (this.entries.some(({ key }) => key === String(this.next))) this.next++;
    return String(this.next++);
  }

  private write(entries: readonly StoredWatch[]): void {
    this.entries = entries;
    void this.memory.update(MEMORY_KEY, entries);
  }
}

function changedSpec(spec: WatchSpec, { id: _, ...change }: WatchChange): WatchSpec {
  const merged = Object.entries({ ...spec, ...change }).filter(([, value]) => value !== null && value !== false);
  return Object.fromEntries(merged);
}

/** What of a watch another session can find again. */
export function canBeKept({ origin, dataId }: WatchView): boolean {
  const isFound = /;in=/.test(dataId) || !/;address=/.test(dataId);
  return origin === 'view' && isFound && !/;(frame|cfa)=/.test(dataId);
}

/** The wish that makes the same watch again. */
export function specOf(watch: WatchView): WatchSpec {
  const { dataId, access, mode, threads, condition, hitCondition, logMessage } = watch;
  return {
    dataId,
    access,
    mode,
    threads,
    ...(condition === undefined ? {} : { condition }),
    ...(hitCondition === undefined ? {} : { hitCondition }),
    ...(logMessage === undefined ? {} : { logMessage }),
    ...(watch.state === 'disabled' ? { disabled: true } : {}),
    ...(watch.isExtended ? { extend: true } : {}),
    origin: 'view',
  };
}

/** A kept wish as a row, while no program runs. Its id is negative: the adapter knows nothing of it. */
export function storedView(entry: StoredWatch, at: number, waits: string): WatchView {
  const { spec, label } = entry;
  return {
    id: -1 - at,
    dataId: spec.dataId ?? '',
    label,
    ...(spec.expression === undefined ? {} : { expression: spec.expression }),
    origin: 'view',
    state: spec.disabled === true ? 'disabled' : 'pending',
    message: waits,
    access: spec.access ?? 'change',
    mode: spec.mode ?? 'stop',
    threads: spec.threads ?? 'all',
    ...(spec.condition === undefined ? {} : { condition: spec.condition }),
    ...(spec.hitCondition === undefined ? {} : { hitCondition: spec.hitCondition }),
    ...(spec.logMessage === undefined ? {} : { logMessage: spec.logMessage }),
    slots: [],
    isExtended: false,
    hits: 0,
    matches: 0,
    dropped: 0,
  };
}

function isStored(value: unknown): value is StoredWatch {
  if (typeof value !== 'object' || value === null) return false;
  if (!('key' in value) || typeof value.key !== 'string') return false;
  if (!('label' in value) || typeof value.label !== 'string') return false;
  return 'spec' in value && typeof value.spec === 'object' && value.spec !== null;
}
