// stops.ts: what a stop says: which watched variable, old and new value, who wrote it, and where.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { DebugRegister, DebugRegisterMap } from '../../adapter/protocol/debug-register-map';
import type { DapClient } from './dap-client';
import type { SourceLines } from './source-lines';

export interface Watched {
  readonly name: string;
  /** The breakpoint's number. */
  readonly id: number;
}

export interface Hit {
  readonly name: string;
  readonly oldValue: string;
  readonly newValue: string;
  readonly thread: { readonly id: number; readonly name: string };
  /** The function that wrote; `strcpy ← serve` where a library did on behalf of the program. */
  readonly writer: string;
  /** `race.c:27`; empty where no source is known. */
  readonly place: string;
  readonly code: string;
}

/** One per watched variable that was written. */
export async function readStop(
  client: DapClient,
  stop: DebugProtocol.StoppedEvent['body'],
  watched: readonly Watched[],
  map: DebugRegisterMap,
  source: SourceLines,
): Promise<readonly Hit[]> {
  const threadId = stop.threadId ?? 0;
  const thread = map.threads.find(({ id }) => id === threadId);
  const where = await writer(client, threadId, stop.text ?? '', source);
  const names = watched.filter(({ id }) => stop.hitBreakpointIds?.includes(id)).map(({ name }) => name);
  return names.map((name) => {
    const register = thread?.registers.find(({ symbol }) => symbol === name);
    return { name, ...values(register), thread: { id: threadId, name: thread?.name ?? '' }, ...where };
  });
}

function values(register: DebugRegister | undefined): Pick<Hit, 'oldValue' | 'newValue'> {
  return { oldValue: register?.oldValue ?? '?', newValue: register?.newValue ?? '?' };
}

/** The adapter names the writing instruction's own line; the stack says on whose behalf a library wrote. */
async function writer(
  client: DapClient,
  threadId: number,
  text: string,
  source: SourceLines,
): Promise<Pick<Hit, 'writer' | 'place' | 'code'>> {
  const body = (await client.request('stackTrace', {
    threadId,
    levels: 20,
  })) as DebugProtocol.StackTraceResponse['body'];
  const frames = body.stackFrames;
  const own = frames.find((frame) => frame.source?.path !== undefined && frame.source.presentationHint === undefined);
  const file = own?.source?.path;
  const top = frames.at(0);
  if (own === undefined || file === undefined) return { writer: top?.name ?? '?', place: '', code: '' };
  const exact = own === top ? / at .*:(\d+)$/.exec(text)?.[1] : undefined;
  const line = exact === undefined ? own.line : Number(exact);
  return {
    writer: own === top ? own.name : `${top?.name ?? '?'} ← ${own.name}`,
    place: `${file.slice(file.lastIndexOf('/') + 1)}:${line}`,
    code: source.text(file, line),
  };
}
