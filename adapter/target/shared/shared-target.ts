// shared-target.ts: one program, two debuggers: the editor's session and a gdb beside it.
//
// Each has a seat, which looks like a target of its own: its own stops, code stops and watches. The machine runs while
// nobody holds it: a stop is told to those whose it is, and they hold the machine until they resume; for the other the
// program merely takes its time. Signals and the program's output are the first seat's.
//
// The guest's seat may be taken and left many times; leaving it frees all that its owner had.

import type {
  ProgramEnd,
  ResumeOptions,
  Stop,
  StopReason,
  Target,
  TargetObserver,
  ThreadId,
  WatchHit,
} from '../target';
import { Seat, type SeatHouse } from './seat';

/** Runs the callback soon, after other events. */
export type Soon = (callback: () => void) => void;

export class SharedTarget implements SeatHouse {
  readonly host: Seat;
  private guestSeat: Seat | undefined;
  /** Who answered 'stop' where the program stands now. */
  private claims = new Set<Seat>();
  private standing = true;
  /** The first debugger knows why its program does not get on. */
  private holdTold = false;
  private started = false;
  private end: ProgramEnd | undefined;
  private readonly gone: (() => void)[] = [];

  constructor(
    readonly inner: Target,
    private readonly soon: Soon,
  ) {
    this.host = new Seat(this, 0);
  }

  /** The guest's seat; undefined while somebody has it, or when the program has ended. */
  guest(): Seat | undefined {
    if (this.guestSeat !== undefined || this.end !== undefined) return undefined;
    this.guestSeat = new Seat(this, 1);
    this.guestSeat.holds = false;
    return this.guestSeat;
  }

  /** Calls once the program has ended. */
  onGone(call: () => void): void {
    this.gone.push(call);
  }

  /** What the first debugger should know. */
  notice(text: string): void {
    this.soon(() => this.host.observer?.onNotice(text));
  }

  /** A debugger takes its seat: the program is loaded and stands. */
  begin(): void {
    if (this.started) return;
    this.started = true;
    this.inner.start(this.listener());
  }

  /** The seat lets go. The machine runs when all have. */
  resumed(seat: Seat): void {
    if (seat === this.host && this.guestSeat?.holds === true && !this.holdTold) {
      this.holdTold = true;
      this.notice('gdb holds the machine: it goes on when gdb continues or detaches.');
    }
    if (!this.standing || this.end !== undefined || this.seats().some(({ holds }) => holds)) return;
    this.standing = false;
    this.inner.resume(this.seats().reduce<ResumeOptions>((all, each) => ({ ...all, ...each.takeWish() }), {}));
  }

  pauseWanted(seat: Seat): void {
    if (!this.standing) {
      this.inner.pause();
      return;
    }
    this.soon(() => {
      if (this.standing && seat.wantsPause) this.tell(seat, { thread: this.anyThread(), reason: { kind: 'pause' } });
    });
  }

  codeStopsChanged(): void {
    this.inner.setCodeStops(new Set(this.seats().flatMap(({ codeStops }) => [...codeStops])));
  }

  heededChanged(): void {
    this.inner.heedMemory?.(this.seats().flatMap(({ heeded }) => heeded));
  }

  left(seat: Seat): void {
    if (this.guestSeat !== seat) return;
    this.guestSeat = undefined;
    this.codeStopsChanged();
    this.resumed(seat);
  }

  private seats(): readonly Seat[] {
    return this.guestSeat === undefined ? [this.host] : [this.host, this.guestSeat];
  }

  private anyThread(): ThreadId {
    return this.inner.threads()[0].id;
  }

  private tell(seat: Seat, stop: Stop): void {
    seat.holds = true;
    seat.wantsPause = false;
    if (seat !== this.host) this.holdTold = false;
    seat.forgetWish();
    seat.observer?.onStop(stop);
  }

  /** To each its own; nobody's stop is an answer to a pause that came too late. */
  private stopped(stop: Stop): void {
    this.standing = true;
    const told = this.seats().flatMap((seat): [Seat, StopReason][] => {
      const reason = this.reasonFor(seat, stop);
      return reason === undefined ? [] : [[seat, reason]];
    });
    this.claims.clear();
    // All hold it before the first is told: it may go on at once.
    for (const [seat] of told) seat.holds = true;
    for (const [seat, reason] of told) this.tell(seat, { thread: stop.thread, reason });
    if (told.length === 0) this.resumed(this.host);
  }

  private reasonFor(seat: Seat, { reason }: Stop): StopReason | undefined {
    const pause: StopReason | undefined = seat.wantsPause ? { kind: 'pause' } : undefined;
    switch (reason.kind) {
      case 'watch': {
        const hits = seat.ownHits(reason.hits);
        return this.claims.has(seat) && hits.length > 0 ? { kind: 'watch', hits } : pause;
      }
      case 'codeStop':
        return this.claims.has(seat) ? reason : pause;
      case 'step':
        return seat.steps ? reason : pause;
      case 'entry':
      case 'signal':
        return seat === this.host ? reason : pause;
      case 'pause':
      case 'present':
      case 'process': // No seat follows processes.
        return pause;
    }
  }

  private claim(seat: Seat, answer: 'stop' | 'continue' | undefined): boolean {
    if (answer === 'stop') this.claims.add(seat);
    return answer === 'stop';
  }

  private listener(): TargetObserver {
    const all = (event: (observer: TargetObserver) => void): void => {
      for (const { observer } of this.seats()) if (observer !== undefined) event(observer);
    };
    return {
      onStop: (stop) => {
        this.stopped(stop);
      },
      onThreadStarted: (thread) => {
        all((observer) => {
          observer.onThreadStarted(thread);
        });
      },
      onMemoryUnmapped: (memory) => {
        all((observer) => observer.onMemoryUnmapped?.(memory));
      },
      onThreadRenamed: (thread) => {
        all((observer) => observer.onThreadRenamed?.(thread));
      },
      onThreadPointerSet: (thread) => {
        all((observer) => observer.onThreadPointerSet?.(thread));
      },
      onExecuted: (path) => {
        all((observer) => observer.onExecuted?.(path));
      },
      onThreadExited: (thread) => {
        all((observer) => {
          observer.onThreadExited(thread);
        });
      },
      onModulesChanged: () => {
        all((observer) => {
          observer.onModulesChanged();
        });
      },
      onOutput: (stream, bytes) => this.host.observer?.onOutput(stream, bytes),
      onNotice: (text) => this.host.observer?.onNotice(text),
      onEnd: (end) => {
        this.end = end;
        for (const call of this.gone) call();
        all((observer) => {
          observer.onEnd(end);
        });
      },
      onWatchHit: (thread, hits) => this.watchHit(thread, hits),
      onCodeStop: (thread, address) => this.codeStop(thread, address),
      onDebugRegistersChanged: () => {
        all((observer) => {
          observer.onDebugRegistersChanged();
        });
      },
    };
  }

  private watchHit(thread: ThreadId, hits: readonly WatchHit[]): 'stop' | 'continue' {
    const answers = this.seats().map((seat) => {
      const own = seat.ownHits(hits);
      return own.length > 0 && this.claim(seat, seat.observer?.onWatchHit(thread, own));
    });
    return answers.includes(true) ? 'stop' : 'continue';
  }

  private codeStop(thread: ThreadId, address: bigint): 'stop' | 'continue' {
    const answers = this.seats().map(
      (seat) => seat.codeStops.has(address) && this.claim(seat, seat.observer?.onCodeStop(thread, address)),
    );
    return answers.includes(true) ? 'stop' : 'continue';
  }
}
