// stub.ts: one gdb connection: packets in, answers out, stops told.
//
// Give it the bytes that arrive and a way to send; it drives a Target. It owns no socket. While the program runs, only
// Ctrl-C is looked at, as the protocol has it.
// Truth: the gdb manual, "Remote Serial Protocol".

import type { ProgramEnd, Stop, StopReason, Target, TargetObserver, WatchHit } from '../../target/target';
import { UserError } from '../../util/user-error';
import { insertBreakpoint, removeAllBreakpoints, removeBreakpoint } from './breakpoint-packets';
import { gdbSignal } from './gdb-signals.table';
import { HostIo } from './host-io-packets';
import { framePacket, fromHex, fromLatin1, latin1, PacketReader, toHex } from './packet';
import { query } from './query-packets';
import {
  readAllRegisters,
  readRegister,
  RBP_NUMBER,
  RIP_NUMBER,
  RSP_NUMBER,
  writeAllRegisters,
  writeRegister,
} from './remote-registers';
import { legacyResume, vCont, VCONT_ACTIONS } from './resume-packets';
import {
  currentThread,
  ERROR_INVALID,
  ERROR_MEMORY,
  ERROR_NO_TARGET,
  OK,
  parseRange,
  parseThread,
  UNSUPPORTED,
} from './stub-state';
import type { Reply, StubConnection, StubHost, StubState } from './stub-state';

const SIGINT = 2;
const SIGTRAP = 5;

export class GdbStub implements TargetObserver {
  private readonly reader = new PacketReader();
  private readonly state: StubState;
  private readonly hostIo: HostIo;
  private acknowledges = true;
  private extended = false;
  private lastSent: Uint8Array | undefined;
  private end: ProgramEnd | undefined;
  /** gdb waits for a stop. */
  private awaitsStop = false;

  constructor(
    host: StubHost,
    private readonly connection: StubConnection,
  ) {
    this.hostIo = new HostIo(host);
    this.state = {
      host,
      target: undefined,
      lastStop: undefined,
      generalThread: 0,
      breakpoints: new Map(),
      nextWatch: 1,
      closing: 'no',
    };
  }

  /** Takes a program that is loaded and stands at its entry. */
  adopt(target: Target): void {
    this.state.target = target;
    this.end = undefined;
    target.start(this);
    const thread = target.threads().at(0)?.id ?? 0;
    this.state.lastStop = { thread, reason: { kind: 'entry' } };
  }

  /** Bytes from gdb. */
  receive(bytes: Uint8Array): void {
    for (const item of this.reader.feed(bytes)) {
      if (item.kind === 'packet') this.packet(item.data);
      else if (item.kind === 'interrupt') this.interrupt();
      else if (item.kind === 'bad' && this.acknowledges) this.connection.send(latin1('-'));
      else if (item.kind === 'nack' && this.lastSent !== undefined) this.connection.send(this.lastSent);
      if (this.state.closing !== 'no') {
        this.connection.close(this.state.closing);
        return;
      }
    }
  }

  /** The connection is gone: a program that still runs goes on without breakpoints. */
  disconnected(): void {
    removeAllBreakpoints(this.state);
  }

  private packet(data: Uint8Array): void {
    if (this.acknowledges) this.connection.send(latin1('+'));
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
      this.onNotice(error.message);
      return ERROR_NO_TARGET;
    }
  }

  private send(reply: string | Uint8Array): void {
    this.lastSent = framePacket(reply);
    this.connection.send(this.lastSent);
  }

  private answer(text: string): Reply {
    switch (text.charAt(0)) {
      case '?':
        return this.end === undefined ? this.stopReply() : endReply(this.end);
      case '!':
        this.extended = true;
        return OK;
      case 'q':
      case 'Q':
        return query(this.state, text);
      case 'H':
        return this.chooseThread(text);
      case 'T':
        return this.threadAlive(text);
      case 'g':
      case 'G':
      case 'p':
      case 'P':
        return this.registers(text);
      case 'm':
      case 'M':
      case 'X':
        return this.memory(text);
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
        return this.detach();
      case 'k':
        return this.kill();
      default:
        return UNSUPPORTED;
    }
  }

  private multiletter(text: string): Reply {
    if (text === 'vCont?') return VCONT_ACTIONS;
    if (text.startsWith('vCont;')) return this.resumed(vCont(this.state, text));
    if (text.startsWith('vFile:')) return this.hostIo.answer(text);
    if (text.startsWith('vKill')) {
      this.kill();
      return OK;
    }
    if (text.startsWith('vRun;')) return this.runProgram(text);
    return UNSUPPORTED;
  }

  private resumed(reply: Reply): Reply {
    this.awaitsStop = reply === undefined;
    return reply;
  }

  private chooseThread(text: string): Reply {
    const thread = parseThread(text.slice(2));
    if (thread === undefined) return ERROR_INVALID;
    if (text.charAt(1) === 'g') this.state.generalThread = thread;
    return OK;
  }

  private threadAlive(text: string): Reply {
    const id = parseThread(text.slice(1));
    const alive = this.state.target?.threads().some((thread) => thread.id === id) ?? false;
    return alive ? OK : ERROR_INVALID;
  }

  private registers(text: string): Reply {
    const thread = currentThread(this.state);
    if (this.state.target === undefined || thread === undefined) return ERROR_NO_TARGET;
    const registers = this.state.target.registers(thread);
    const rest = text.slice(1);
    switch (text.charAt(0)) {
      case 'g':
        return toHex(readAllRegisters(registers));
      case 'p': {
        const value = readRegister(registers, parseInt(rest, 16));
        return value === undefined ? ERROR_INVALID : toHex(value);
      }
      case 'G': {
        const bytes = fromHex(rest);
        if (bytes === undefined) return ERROR_INVALID;
        writeAllRegisters(registers, bytes);
        return OK;
      }
      default: {
        const [number, hex = ''] = splitOnce(rest, '=');
        const bytes = fromHex(hex);
        return bytes !== undefined && writeRegister(registers, parseInt(number, 16), bytes) ? OK : ERROR_INVALID;
      }
    }
  }

  private memory(text: string): Reply {
    if (this.state.target === undefined) return ERROR_NO_TARGET;
    const [head, body = ''] = splitOnce(text.slice(1), ':');
    const range = parseRange(head);
    if (range === undefined) return ERROR_INVALID;
    if (text.startsWith('m')) {
      const bytes = this.state.target.readMemory(range.address, Math.min(range.lengthBytes, 0x1000));
      return bytes.length === 0 && range.lengthBytes > 0 ? ERROR_MEMORY : toHex(bytes);
    }
    const bytes = text.startsWith('M') ? fromHex(body) : latin1(body);
    if (bytes?.length !== range.lengthBytes) return ERROR_INVALID;
    return bytes.length === 0 || this.state.target.writeMemory(range.address, bytes) ? OK : ERROR_MEMORY;
  }

  private detach(): Reply {
    removeAllBreakpoints(this.state);
    this.state.target?.resume();
    this.state.closing = 'connection';
    this.send(OK);
    return undefined;
  }

  private kill(): Reply {
    this.awaitsStop = false;
    this.state.target?.kill();
    this.state.breakpoints.clear();
    this.state.target = undefined;
    if (!this.extended) this.state.closing = 'server';
    return undefined;
  }

  /** vRun;PROGRAM;ARG;… in hexadecimal; an empty program means the one of the command line. */
  private runProgram(text: string): Reply {
    const words = text.split(';').slice(1).map(fromHex);
    const known = words.filter((word) => word !== undefined).map((word) => new TextDecoder().decode(word));
    if (known.length !== words.length) return ERROR_INVALID;
    const [program, ...args] = known;
    this.adopt(this.state.host.launch(program === '' ? this.state.host.program : program, args));
    return this.stopReply();
  }

  private interrupt(): void {
    if (this.state.target?.running === true) this.state.target.pause();
  }

  private stopReply(): string {
    const stop = this.state.lastStop;
    if (stop === undefined || this.state.target === undefined) return 'W00';
    const registers = this.state.target.registers(stop.thread);
    const expedited = [RBP_NUMBER, RSP_NUMBER, RIP_NUMBER].map((number) => {
      const value = readRegister(registers, number);
      return value === undefined ? '' : `${number.toString(16).padStart(2, '0')}:${toHex(value)};`;
    });
    const { signal, detail } = describe(stop.reason);
    const code = signal.toString(16).padStart(2, '0');
    return `T${code}${detail}${expedited.join('')}thread:${stop.thread.toString(16)};core:0;`;
  }

  // What the target tells.

  onStop(stop: Stop): void {
    this.state.lastStop = stop;
    this.state.generalThread = stop.thread;
    if (!this.awaitsStop) return;
    this.awaitsStop = false;
    this.send(this.stopReply());
  }

  onEnd(end: ProgramEnd): void {
    this.end = end;
    this.state.target = undefined;
    this.state.breakpoints.clear();
    if (!this.awaitsStop) return;
    this.awaitsStop = false;
    this.send(endReply(end));
  }

  onWatchHit(_thread: number, _hits: readonly WatchHit[]): 'stop' {
    return 'stop';
  }

  onCodeStop(): 'stop' {
    return 'stop';
  }

  onOutput(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    this.connection.output(stream, bytes);
  }

  onNotice(text: string): void {
    this.connection.output('stderr', new TextEncoder().encode(`trapline: ${text}\n`));
  }

  onThreadStarted(): void {
    // gdb asks for the list at each stop.
  }

  onThreadExited(thread: number): void {
    if (this.state.generalThread === thread) this.state.generalThread = 0;
  }

  onModulesChanged(): void {
    // gdb follows the dynamic linker's own list.
  }

  onDebugRegistersChanged(): void {
    // Shown by `monitor slots` when asked.
  }
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function describe(reason: StopReason): { readonly signal: number; readonly detail: string } {
  switch (reason.kind) {
    case 'watch': {
      const { piece, access } = reason.hits[0];
      if (access === 'execute') return { signal: SIGTRAP, detail: 'hwbreak:;' };
      const word = piece.access === 'write' ? 'watch' : 'awatch';
      return { signal: SIGTRAP, detail: `${word}:${piece.address.toString(16)};` };
    }
    case 'codeStop':
      return { signal: SIGTRAP, detail: 'swbreak:;' };
    case 'signal':
      return { signal: gdbSignal(reason.signal.number), detail: '' };
    case 'pause':
      return { signal: SIGINT, detail: '' };
    case 'entry':
    case 'step':
      return { signal: SIGTRAP, detail: '' };
  }
}

function endReply(end: ProgramEnd): string {
  const byte = (value: number): string => (value & 0xff).toString(16).padStart(2, '0');
  return end.kind === 'exited' ? `W${byte(end.code)}` : `X${byte(gdbSignal(end.signal.number))}`;
}
