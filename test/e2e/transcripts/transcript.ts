// transcript.ts: a conversation with the adapter as text that is the same each time, held against a golden file.
//
//     → setDataBreakpoints {breakpoints: [{dataId: "trapline:1;expr=counter;…", accessType: "write"}]}
//     ← {breakpoints: [{id: B2, verified: true, message: "…"}]}
//     · stopped {reason: "data breakpoint", threadId: T1, …}
//
// Numbers that another run gives otherwise (threads, breakpoints, frames, references, addresses) are masked: by kind and
// order of appearance, so that what is the same stays the same. Left out: what comes when a clock says so.
// TRAPLINE_TRANSCRIPTS=write writes the files anew; look at the difference before you commit it.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DapClient, RequestError } from '../support/dap-client';
import { Masks } from './masks';

/** By a clock, or about the machine that the test runs on. */
const LEFT_OUT = new Set(['module', 'process', 'trapline/debugRegistersChanged', 'trapline/watchesChanged']);

/** What the program and the debugger have said must be there by then. */
const SHOWS_OUTPUT = new Set(['stopped', 'exited']);

export class Transcript {
  readonly client = new DapClient();
  private readonly lines: string[] = [];
  private readonly masks = new Masks();
  /** By category: a clock says how the text is cut, and which category comes first. */
  private readonly outputs = new Map<string, string>();
  private told = 0;

  /** The answer; undefined where it was refused, which the transcript shows. */
  async request(command: string, args: object = {}): Promise<Readonly<Record<string, unknown>> | undefined> {
    this.hear();
    this.lines.push(`→ ${command} ${this.masks.text(args)}`);
    try {
      return await this.client.request(command, args);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return undefined;
    } finally {
      this.hear();
    }
  }

  /** Everything up to that event. */
  async until(event: string): Promise<Readonly<Record<string, unknown>>> {
    const body = await this.client.event(event);
    this.hear();
    return body;
  }

  async launch(program: string, more: object = {}): Promise<void> {
    await this.request('initialize', { adapterID: 'trapline' });
    await this.request('launch', { program, ...more });
    await this.until('initialized');
  }

  async expect(name: string): Promise<void> {
    await this.client.close();
    this.hear();
    const file = path.resolve('test/e2e/transcripts', `${name}.txt`);
    const text = `${this.lines.join('\n')}\n`;
    if (process.env.TRAPLINE_TRANSCRIPTS === 'write') writeFileSync(file, text);
    assert.ok(existsSync(file), `${file} is missing: TRAPLINE_TRANSCRIPTS=write makes it`);
    assert.equal(text, readFileSync(file, 'utf8'));
  }

  private hear(): void {
    const messages = this.client.messages.slice(this.told);
    this.told += messages.length;
    for (const message of messages) {
      if (message.type === 'response') this.answer(message as DebugProtocol.Response);
      else this.event(message as DebugProtocol.Event);
    }
  }

  private showOutput(): void {
    for (const [category, output] of [...this.outputs].sort(([one], [other]) => (one < other ? -1 : 1)))
      this.lines.push(`· output ${this.masks.text({ category, output })}`);
    this.outputs.clear();
  }

  private answer({ command, success, message, body }: DebugProtocol.Response): void {
    // What the adapter can do is the subject of tests of its own.
    const shown = command === 'initialize' ? undefined : (body as unknown);
    const text = success ? this.masks.text(shown) : `refused: ${this.masks.words(message ?? '')}`;
    this.lines.push(`← ${text}`.trimEnd());
  }

  private event({ event, body }: DebugProtocol.Event): void {
    if (LEFT_OUT.has(event)) return;
    if (event === 'output') {
      const { category = '', output } = body as DebugProtocol.OutputEvent['body'];
      this.outputs.set(category, (this.outputs.get(category) ?? '') + output);
      return;
    }
    if (SHOWS_OUTPUT.has(event)) this.showOutput();
    this.lines.push(`· ${event} ${this.masks.text(body)}`.trimEnd());
  }
}
