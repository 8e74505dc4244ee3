// watch-views.ts: watches, their history and their cost as adapter/protocol/watches.ts writes them.
//
// Looks only; asks for no thread's registers, so it may be called while the program runs.

import type { Value } from '../symbols/program-symbols';
import { UserError } from '../util/user-error';
import { hex } from '../util/hex';
import type { CallCost } from '../watch/call-offer';
import { previewCost, slotsNeeded, splitRange } from '../watch/split';
import type { AccessRecord, KeptAccess } from '../watch/watch-history';
import type { WatchIds } from '../watch/watch-ids';
import { valueOf } from '../watch/watch-judge';
import type { Watch } from '../watch/watch';
import { stateText } from '../watch/watch-texts';
import type { WatchPlace } from '../watch/watch-world';
import type {
  WatchCalls,
  WatchHistory,
  WatchHistoryEntry,
  WatchPlan,
  WatchView,
  WatchWriter,
} from '../protocol/watches';
import { changeValues } from './change-text';
import type { ChangedBytes } from './change-text';
import type { Debuggee } from './debuggee';
import type { ThreadNames } from './thread-names';
import { valueNumber } from './value-number';

/** EDR4 and up: no processor has them. */
const HARDWARE_SLOTS = 4;

export class WatchViews {
  constructor(
    private readonly debuggee: Debuggee,
    private readonly ids: WatchIds,
    private readonly names: ThreadNames,
  ) {}

  view(watch: Watch): WatchView {
    const { wish, place } = watch;
    const slots = slotsOf(watch);
    const { expression } = wish.target;
    return {
      id: watch.id,
      dataId: this.dataId(watch),
      label: watch.label,
      ...(expression === undefined ? {} : { expression }),
      origin: watch.origin,
      state: watch.state,
      message: watch.state === 'armed' ? stateText(watch) : watch.message,
      access: wish.access,
      mode: watch.mode,
      threads: wish.threads,
      ...conditions(watch),
      ...(place === undefined ? {} : this.placeFields(place)),
      slots: [...slots],
      isExtended: slots.some((slot) => slot >= HARDWARE_SLOTS),
      hits: watch.hits,
      matches: watch.matches,
      dropped: watch.mode === 'log' ? watch.tally.dropped : watch.history.dropped,
      ...(wish.target.kind === 'eachCall' ? { calls: callsOf(watch) } : {}),
      ...this.values(watch),
    };
  }

  history(watch: Watch, last: number | undefined): WatchHistory {
    return {
      label: watch.label,
      entries: watch.history.newest(last).map((entry) => this.entry(watch, entry)),
      dropped: watch.history.dropped,
      bySource: this.bySource(watch),
    };
  }

  plan(place: WatchPlace): WatchPlan {
    const { label, address, lengthBytes, type, via = [] } = place;
    const all = [place, ...via];
    const pointers = via.length === 0 ? '' : `, and ${via.length === 1 ? 'its pointer' : `${via.length} pointers`}`;
    const needed = all.reduce((sum, range) => sum + slotsNeeded(range.address, range.lengthBytes), 0);
    return {
      label,
      address: hex(address),
      lengthBytes,
      ...(type === undefined ? {} : { typeName: type.name }),
      pieces: all
        .flatMap((range) => splitRange(range.address, range.lengthBytes))
        .map((piece) => ({ ...piece, address: hex(piece.address) })),
      slotsNeeded: needed,
      slotsFree: this.debuggee.target.slotBudget().free,
      text:
        pointers === ''
          ? previewCost(address, lengthBytes)
          : `${previewCost(address, lengthBytes)}${pointers}: ${needed} slots`,
    };
  }

  /** Of a local in each call of its function, none of which is there yet. */
  planOfCalls(label: string, { lengthBytes, typeName, slotsNeeded, text }: CallCost): WatchPlan {
    const slotsFree = this.debuggee.target.slotBudget().free;
    return { label, lengthBytes, typeName, pieces: [], slotsNeeded, slotsFree, text };
  }

  /** The editor's own text where it is the editor's, so that it finds it again; else all that the watch is. */
  private dataId(watch: Watch): string {
    const { wish } = watch;
    if (watch.origin === 'editor') return wish.key;
    return this.ids.print(wish.target, { threads: wish.threads, access: wish.access, mode: watch.mode });
  }

  private values(watch: Watch): Pick<WatchView, 'value' | 'oldValue' | 'newValue' | 'lastWriter'> {
    const { place, last } = watch;
    const isThere = watch.state === 'armed' || watch.state === 'disabled';
    const isEachThreads = place?.threadPointer !== undefined;
    const bytes = place === undefined || !isThere || isEachThreads ? undefined : this.read(place);
    const writer = watch.history.last;
    return {
      ...(bytes === undefined ? {} : { value: this.show(watch, bytes) }),
      ...(last === undefined ? {} : this.change(watch, last)),
      ...(writer === undefined ? {} : { lastWriter: this.writer(writer) }),
    };
  }

  private placeFields({ address, lengthBytes, type, threadPointer }: WatchPlace): Partial<WatchView> {
    const isEachThreads = threadPointer !== undefined;
    const fileAddress = isEachThreads ? undefined : this.debuggee.symbols.fileAddress(address);
    return {
      ...(isEachThreads ? {} : { address: hex(address) }),
      ...(fileAddress === undefined ? {} : { fileAddress: hex(fileAddress) }),
      lengthBytes,
      ...(type === undefined ? {} : { typeName: type.name }),
    };
  }

  private read({ address, lengthBytes }: WatchPlace): Uint8Array | undefined {
    const bytes = this.debuggee.memory.read(address, lengthBytes);
    return bytes.length < lengthBytes ? undefined : bytes;
  }

  private show(watch: Watch, bytes: Uint8Array): string {
    return this.formatted(valueOf(watch, bytes, this.debuggee.symbols));
  }

  private formatted(value: Value): string {
    try {
      return this.debuggee.symbols.format(value, this.debuggee.memory);
    } catch (error) {
      return `<${messageOf(error)}>`;
    }
  }

  private change(watch: Watch, bytes: ChangedBytes): { oldValue: string; newValue: string } {
    try {
      return changeValues(watch, bytes, this.debuggee);
    } catch (error) {
      const why = `<${messageOf(error)}>`;
      return { oldValue: why, newValue: why };
    }
  }

  private writer({ thread, instruction, systemCall }: AccessRecord): WatchWriter {
    return {
      threadId: thread,
      threadName: this.names.of(thread),
      ...this.source(BigInt(instruction)),
      instruction: hex(BigInt(instruction)),
      ...(systemCall === undefined ? {} : { systemCall }),
    };
  }

  private source(instruction: bigint): Pick<WatchWriter, 'function' | 'path' | 'line'> {
    const at = this.debuggee.symbols.locationOf(instruction);
    const name = this.debuggee.codeName(instruction);
    return { function: name, ...(at === undefined ? {} : { path: at.path, line: at.line }) };
  }

  private entry(watch: Watch, kept: KeptAccess): WatchHistoryEntry {
    const number = valueNumber(valueOf(watch, kept.new, this.debuggee.symbols));
    return {
      sequence: kept.sequence,
      timeNs: kept.timeNs,
      access: kept.access,
      ...this.change(watch, kept),
      ...(number === undefined ? {} : { number }),
      writer: this.writer(kept),
      ...(kept.backtrace === undefined ? {} : { backtrace: [...kept.backtrace] }),
    };
  }

  /** Places of one line in one thread are one; most hits first. */
  private bySource(watch: Watch): WatchHistory['bySource'] {
    const lines = new Map<string, WatchHistory['bySource'][number]>();
    // Those with as many hits come by their places, whoever counted them.
    const places = [...watch.history.byPlace()].sort(
      (a, b) => a.thread - b.thread || (a.instruction ?? Infinity) - (b.instruction ?? Infinity),
    );
    for (const { thread, instruction, hits } of places) {
      const source = instruction === undefined ? {} : this.source(BigInt(instruction));
      const key = JSON.stringify([thread, source.path, source.line, source.function]);
      const known = lines.get(key);
      if (known !== undefined) known.hits += hits;
      else lines.set(key, { ...source, threadId: thread, threadName: this.names.of(thread), hits });
    }
    return [...lines.values()].sort((a, b) => b.hits - a.hits);
  }
}

function slotsOf({ armed, via, calls }: Watch): readonly number[] {
  const ofCalls = new Set((calls?.underWay ?? []).flatMap((own) => own.armed?.slots ?? []));
  return [...(armed?.slots ?? []), ...(via?.slots ?? []), ...[...ofCalls].sort((a, b) => a - b)];
}

function callsOf({ calls, tally }: Watch): WatchCalls {
  const why = tally.missedCalls === 0 ? {} : { why: tally.missedWhy };
  const underWay = calls?.underWay.length ?? 0;
  return { underWay, watched: tally.watchedCalls, missed: tally.missedCalls, ...why };
}

/** Our own bugs go on. */
function messageOf(error: unknown): string {
  if (!(error instanceof UserError)) throw error;
  return error.message;
}

function conditions({ wish }: Watch): Pick<WatchView, 'condition' | 'hitCondition' | 'logMessage'> {
  const { condition, hitCondition, logMessage } = wish;
  return {
    ...(condition === undefined ? {} : { condition }),
    ...(hitCondition === undefined ? {} : { hitCondition }),
    ...(logMessage === undefined ? {} : { logMessage }),
  };
}
