// stub.ts: gdb's side of a program: packets in, answers out, stops told.
//
// Give it a connection, the bytes that arrive there, and a program; it drives a Target. It owns no socket and outlives
// connections: the next gdb finds the program as the last one left it. While the program runs, only Ctrl-C is looked
// at, as the protocol has it; packets wait until it stands.
// Truth: the gdb manual, "Remote Serial Protocol".

import type { ProgramEnd, Stop, Target, TargetObserver, ThreadId, WatchHit } from '../../target/target';
import { UserError } from '../../util/user-error';
import { insertBreakpoint, removeAllBreakpoints, removeBreakpoint, removeBreakpointsOf } from './breakpoint-packets';
import { HostIo } from './host-io-packets';
import { memoryPacket, registerPacket } from './memory-packets';
import { framePacket, fromLatin1, latin1, PacketReader } from './packet';
import { query, tellQuietSignals } from './query-packets';
import { legacyResume, vCont, VCONT_ACTIONS } from './resume-packets';
import { runWords } from './start-packets';
import { endReply, stopReply } from './stop-replies';
import {
  adoptProcesses,
  followNothing,
  forgetProcess,
  noteProcessEvent,
  processOf,
  tellFollowing,
} from './stub-processes';
import { ERROR_INVALID, ERROR_NO_TARGET, OK, OWN_SURROUNDINGS, UNSUPPORTED } from './stub-state';
import { chooseAny, chooseThread, threadAlive } from './thread-packets';
import type { Reply, StubConnection, StubEvents, StubHost, StubState } from './stub-state';

/** Packets that may wait for the program to stand. */
const MOST_HELD = 64;

export class GdbStub {
  private reader = new PacketReader();
  private readonly state: StubState;
  private hostIo: HostIo;
  /** Packets that came while the program ran. */
  private held: Uint8Array[] = [];
  private connection: StubConnection | undefined;
  private acknowledges = true;
  private lastSent: Uint8Array | undefined;
  private end: ProgramEnd | undefined;
  /** gdb waits for a stop. */
  private awaitsStop = false;
  /** Ctrl-C came, and no stop for it was told yet. */
  private interruptDue = false;

  constructor(
    private readonly host: StubHost,
    private readonly events: StubEvents,
  ) {
    this.state = {
      host,
      target: undefined,
      lastStop: undefined,
      generalThread: 0,
      resumedThread: 0,
      generalProcess: 0,
      processes: new Map(),
      watchOwners: new Map(),
      followed: { forks: false, vforks: false, executions: false },
      nextWatch: 1,
      multiprocess: false,
      extended: false,
      passedSignals: new Set(),
      symbols: new Map(),
      surroundings: OWN_SURROUNDINGS,
      closing: 'no',
    };
    this.hostIo = new HostIo(this.state);
  }

  /** Takes a program that is loaded and stands at its entry. */
  adopt(target: Target): void {
    this.state.target = target;
    this.end = undefined;
    this.interruptDue = false;
    this.state.symbols.clear();
    adoptProcesses(this.state, target);
    target.start(this.follow(target));
    const thread = target.threads().at(0)?.id ?? 0;
    this.state.lastStop = { thread, reason: { kind: 'entry' } };
    chooseAny(this.state);
    tellQuietSignals(this.state);
    tellFollowing(this.state);
  }

  /** A gdb connected; it begins from scratch. A program that runs is stopped for it. */
  connected(connection: StubConnection): void {
    this.connection = connection;
    this.reader = new PacketReader();
    this.hostIo = new HostIo(this.state);
    this.held = [];
    this.interruptDue = false;
    this.acknowledges = true;
    this.state.multiprocess = false;
    this.state.extended = false;
    this.state.closing = 'no';
    chooseAny(this.state);
    followNothing(this.state);
    if (this.state.target?.running === true) this.state.target.pause();
  }

  /** The program that gdb left is still there. */
  get hasProgram(): boolean {
    return this.state.target !== undefined;
  }

  get isExtended(): boolean {
    return this.state.extended;
  }

  /** Bytes from gdb. */
  receive(bytes: Uint8Array): void {
    for (const item of this.reader.feed(bytes)) {
      if (item.kind === 'packet') this.hold(item.data);
      else if (item.kind === 'interrupt') this.interrupt();
      else if (item.kind === 'bad' && this.acknowledges) this.connection?.send(latin1('-'));
      else if (item.kind === 'nack' && this.lastSent !== undefined) this.connection?.send(this.lastSent);
      this.answerHeld();
    }
  }

  /** A gdb asks little while the program runs; who asks without end is not remembered without end. */
  private hold(data: Uint8Array): void {
    if (this.held.length < MOST_HELD) this.held.push(data);
    else if (this.acknowledges) this.connection?.send(latin1('-'));
  }

  /** Until one lets the program run, or ends the connection. */
  private answerHeld(): void {
    while (this.state.closing === 'no' && this.state.target?.running !== true) {
      const data = this.held.shift();
      if (data === undefined) return;
      this.packet(data);
      this.closeWhereAsked();
    }
  }

  private closeWhereAsked(): void {
    const { closing } = this.state;
    if (closing !== 'no') this.connection?.close(closing);
  }

  /** The connection is gone: nothing of gdb's stays in the program. */
  disconnected(): void {
    this.connection = undefined;
    this.held = [];
    this.awaitsStop = false;
    removeAllBreakpoints(this.state);
  }

  /** The server ends, and the program with it. */
  endProgram(): void {
    this.connection = undefined;
    this.state.target?.kill();
  }

  private packet(data: Uint8Array): void {
    if (this.acknowledges) this.connection?.send(latin1('+'));
    const text = fromLatin1(data);
    const reply = this.guarded(text);
    if (reply !== undefined) this.send(reply);
    if (text === 'QStartNoAckMode') this.acknowledges = false;
  }

  /** A person's mistake becomes an error answer, with its sentence on our standard error. */
  private guarded(text: string): Reply {
    try {
      return this.answer(text);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.notice(error.message);
      return ERROR_NO_TARGET;
    }
  }

  private send(reply: string | Uint8Array): void {
    this.lastSent = framePacket(reply);
    this.connection?.send(this.lastSent);
  }

  private answer(text: string): Reply {
    switch (text.charAt(0)) {
      case '?':
        return this.status();
      case '!':
        this.state.extended = true;
        return OK;
      case 'q':
      case 'Q':
        return query(this.state, text);
      case 'H':
        return chooseThread(this.state, text);
      case 'T':
        return threadAlive(this.state, text);
      case 'g':
      case 'G':
      case 'p':
      case 'P':
        return registerPacket(this.state, text);
      case 'm':
      case 'M':
      case 'X':
        return memoryPacket(this.state, text);
      case 'Z':
        return insertBreakpoint(this.state, text);
      case 'z':
        return removeBreakpoint(this.state, text);
      case 'c':
      case 's':
      case 'C':
      case 'S':
        return this.resumed(legacyResume(this.state, text));
      case 'v':
        return this.multiletter(text);
      case 'D':
        return this.detach(text);
      case 'k':
        return this.kill();
      case 'R':
        return this.restart();
      default:
        return UNSUPPORTED;
    }
  }

  private multiletter(text: string): Reply {
    if (text.startsWith('vCont') && this.host.disabledPackets.has('vCont')) return UNSUPPORTED;
    if (text === 'vCont?') return VCONT_ACTIONS;
    if (text.startsWith('vCont;')) return this.resumed(vCont(this.state, text));
    if (text.startsWith('vFile:')) return this.hostIo.answer(text);
    if (text.startsWith('vKill')) return this.killProcess(text);
    if (text.startsWith('vRun;')) return this.runProgram(text);
    if (text.startsWith('vAttach;')) return this.refuseAttach();
    return UNSUPPORTED;
  }

  private status(): Reply {
    return this.end === undefined ? stopReply(this.state) : endReply(this.end, undefined);
  }

  private resumed(reply: Reply): Reply {
    this.awaitsStop = reply === undefined;
    if (this.interruptDue && this.awaitsStop) this.state.target?.pause();
    return reply;
  }

  /** `D` or `D;PID`: the program goes on without gdb; a server that is not extended ends with it. */
  private detach(text: string): Reply {
    const { target, processes } = this.state;
    if (target === undefined) return ERROR_NO_TARGET;
    const named = text.startsWith('D;') ? processes.get(parseInt(text.slice(2), 16)) : undefined;
    if (named !== undefined && processes.size > 1) {
      removeBreakpointsOf(this.state, named);
      forgetProcess(this.state, named);
      target.following?.release(named.process.processId);
      return OK;
    }
    this.events.notice(`Detaching from process ${target.processId}`);
    removeAllBreakpoints(this.state);
    this.state.target = undefined;
    target.resume({ discardSignal: true });
    this.events.detached(target);
    if (this.state.extended) return OK;
    this.send(OK);
    this.state.closing = 'connection';
    return undefined;
  }

  private kill(): Reply {
    this.endTarget();
    if (!this.state.extended) this.state.closing = 'server';
    return undefined;
  }

  /** `vKill;PID`: one of several, or the program. */
  private killProcess(text: string): Reply {
    const { target, processes } = this.state;
    if (target === undefined) return ERROR_NO_TARGET;
    const named = processes.get(parseInt(text.slice('vKill;'.length), 16));
    if (named !== undefined && processes.size > 1) {
      forgetProcess(this.state, named);
      target.following?.kill(named.process.processId);
    } else this.endTarget();
    return OK;
  }

  private endTarget(): void {
    this.awaitsStop = false;
    this.state.target?.kill();
    this.state.processes.clear();
    this.state.target = undefined;
  }

  /** vRun;PROGRAM;ARG;… in hexadecimal; an empty program means the one of the command line. */
  private runProgram(text: string): Reply {
    const words = runWords(text);
    if (words === undefined) return ERROR_INVALID;
    const [program, ...args] = words;
    this.launch(program === '' ? this.host.program : program, args);
    return stopReply(this.state);
  }

  /** The old way to start again; no answer is expected. */
  private restart(): Reply {
    if (!this.state.extended) return UNSUPPORTED;
    this.endTarget();
    this.launch(this.host.program, this.host.args);
    return undefined;
  }

  private launch(program: string, args: readonly string[]): void {
    if (this.state.target !== undefined) this.endTarget();
    this.adopt(this.host.launch(program, args, this.state.surroundings));
  }

  private refuseAttach(): Reply {
    this.notice(
      'Trapline runs programs on its own machine and cannot attach to a process of this one. ' +
        'Start the program: `set remote exec-file PROGRAM` and `run`.',
    );
    return ERROR_INVALID;
  }

  /** As a SIGINT it is not lost where the program stands just now, or stops for something else. */
  private interrupt(): void {
    this.interruptDue = true;
    if (this.state.target?.running === true) this.state.target.pause();
  }

  /** What this program tells; one that was let go of or killed tells gdb nothing any more. */
  private follow(target: Target): TargetObserver {
    const ours = (): boolean => this.state.target === target;
    const nothing = (): void => undefined;
    return {
      onStop: (stop) => {
        if (ours()) this.stopped(stop);
      },
      onEnd: (end) => {
        if (ours()) this.ended(end);
        else this.events.ended(end);
      },
      onWatchHit: (thread, hits) => (ours() && this.hitsOwn(thread, hits) ? 'stop' : 'continue'),
      onCodeStop: () => (ours() ? 'stop' : 'continue'),
      onOutput: (stream, bytes) => {
        this.events.output(stream, bytes);
      },
      onNotice: (text) => {
        this.notice(text);
      },
      // gdb asks for the list at each stop.
      onThreadStarted: nothing,
      onThreadExited: (thread) => {
        if (ours() && this.state.generalThread === thread) this.state.generalThread = 0;
      },
      // gdb follows the dynamic linker's own list.
      onModulesChanged: nothing,
      // Shown by `monitor slots` when asked.
      onDebugRegistersChanged: nothing,
    };
  }

  /** A register of all CPUs is hit by whoever runs; it counts for those in whose process gdb set it. */
  private hitsOwn(thread: ThreadId, hits: readonly WatchHit[]): boolean {
    const { processes, watchOwners } = this.state;
    return processes.size === 1
      ? hits.some(({ watch }) => watchOwners.has(watch))
      : hits.some(({ watch }) => watchOwners.get(watch) === processOf(this.state, thread)?.process.processId);
  }

  private stopped(stop: Stop): void {
    if (stop.reason.kind === 'process') noteProcessEvent(this.state, stop.thread, stop.reason.event);
    if (stop.reason.kind === 'pause') this.interruptDue = false;
    this.state.lastStop = stop;
    this.state.generalThread = stop.thread;
    this.state.generalProcess = 0;
    if (this.awaitsStop) this.send(stopReply(this.state));
    this.awaitsStop = false;
    this.answerHeld();
  }

  private ended(end: ProgramEnd): void {
    const last = [...this.state.processes.keys()].at(0) ?? this.state.target?.processId;
    const processId = this.state.multiprocess ? last : undefined;
    this.end = end;
    this.state.target = undefined;
    this.state.processes.clear();
    this.events.ended(end);
    if (this.awaitsStop) this.send(endReply(end, processId));
    this.awaitsStop = false;
    this.answerHeld();
  }

  private notice(text: string): void {
    this.events.notice(`trapline: ${text}`);
  }
}
