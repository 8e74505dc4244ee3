// line-before.ts: where the line began that a thread was in before the one where it stands.
//
// The program is run again with code stops at the beginnings of all lines of the thread's function and of its caller's.
// Those of the same frame, or of the caller's, are visits of a line; what is called in between has other frames. The
// last visit before now is the one: of the line itself where the thread stands in its midst, else of the line before.
// A visit goes on while the thread comes to further parts of the same line.

import type { Rehearsal, RehearsalEnd, RunMoment, ThreadId } from '../../target/target';
import type { Frame, ProgramSymbols } from '../../symbols/program-symbols';
import { Debuggee } from '../debuggee';
import type { HostFiles } from '../engine';

/** Where a step back leads: the thread has retired so many instructions there. */
export interface BackStep {
  readonly retired: number;
  readonly timeNs: number;
}

interface Visit extends BackStep {
  readonly line: string;
  readonly cfa: bigint;
  address: bigint;
}

const FRAMES_SEEN = 64;

export class LineBefore {
  private readonly stops: ReadonlySet<bigint>;
  private readonly bases: ReadonlySet<bigint>;
  private readonly executions: number;
  private visits: Visit[] = [];

  /** `retired`: by the thread, where it stands. */
  constructor(
    private readonly seen: Debuggee,
    private readonly files: HostFiles,
    private readonly thread: ThreadId,
    private readonly retired: number,
  ) {
    this.executions = seen.target.time?.executions ?? 0;
    const physical = seen.unwind(thread, FRAMES_SEEN).filter(({ inlined }) => !inlined);
    const frames = physical.slice(0, 2);
    this.bases = new Set(frames.map(({ cfa }) => cfa));
    this.stops = new Set(frames.flatMap((frame) => lineStarts(frame, seen.symbols)));
  }

  /** From a rehearsal's start to now. */
  async through(rehearsal: Rehearsal, fromNs: number, now: RunMoment): Promise<RehearsalEnd> {
    this.visits = [];
    const begun = await rehearsal.run({ timeNs: fromNs, work: 0 });
    if (begun.kind !== 'arrived') return begun;
    rehearsal.target.setCodeStops(this.stops);
    const there = new Debuggee(rehearsal.target, this.seen.symbols, this.files);
    return rehearsal.run(now, {
      onCodeStop: (thread, address, timeNs) => {
        const retired = rehearsal.retired(thread);
        // Another program has other lines at these addresses.
        const isThis = rehearsal.executions === this.executions;
        if (isThis && thread === this.thread && retired < this.retired) this.visit(there, address, { retired, timeNs });
        return 'continue';
      },
    });
  }

  /** `isAll`: it went through from the program's start, so that the first visit is known to begin where it was seen. */
  found(isAll: boolean): BackStep | undefined {
    return isAll || this.visits.length > 1 ? this.visits.at(-1) : undefined;
  }

  private visit(there: Debuggee, address: bigint, when: BackStep): void {
    const frame = there.unwind(this.thread, FRAMES_SEEN).find(({ inlined }) => !inlined);
    if (frame === undefined || !this.bases.has(frame.cfa)) return;
    const at = there.symbols.locationOf(address);
    const line = `${at?.path ?? ''}:${at?.line ?? 0}`;
    const last = this.visits.at(-1);
    if (last?.line === line && last.cfa === frame.cfa && address > last.address) last.address = address;
    else this.visits = [...this.visits.slice(-1), { line, cfa: frame.cfa, address, ...when }];
  }
}

/** Without the prologue, where the frame is not there yet. */
function lineStarts(frame: Frame, symbols: ProgramSymbols): readonly bigint[] {
  const own = symbols.functionAt(frame.lookupPc);
  if (own === undefined) return [];
  const starts: bigint[] = [];
  for (let pc = own.afterPrologue; pc < own.high;) {
    const range = symbols.lineRange(pc);
    if (range === undefined || range.end <= pc) break;
    if (range.start >= own.afterPrologue) starts.push(range.start);
    pc = range.end;
  }
  return starts;
}
