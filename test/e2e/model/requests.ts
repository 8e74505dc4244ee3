// requests.ts: what the random tests ask the adapter.

import assert from 'node:assert/strict';
import type { WatchHistory, WatchSpec, WatchView } from '../../../adapter/protocol/watches';
import type { Person } from '../support/session';

export const views = async (person: Person): Promise<WatchView[]> =>
  (await person.client.request('trapline/watches')) as unknown as WatchView[];

export const viewOf = async (person: Person, id: number): Promise<WatchView> =>
  (await views(person)).find((each) => each.id === id) ?? assert.fail(`no watch ${id}`);

/** A watch, perhaps on what is not there yet, which counts writes unless `more` says otherwise; its number. */
export async function addCounter(person: Person, expression: string, more: Partial<WatchSpec> = {}): Promise<number> {
  const spec = { expression, mayCome: true, mode: 'count', access: 'write', ...more };
  return ((await person.client.request('trapline/addWatch', spec)) as unknown as WatchView).id;
}

export const slots = async (person: Person): Promise<{ total: number; used: number; free: number }> =>
  (await person.client.request('trapline/debugRegisters')).slots as { total: number; used: number; free: number };

export const historyOf = async (person: Person, id: number, last?: number): Promise<WatchHistory> =>
  (await person.client.request('trapline/watchHistory', { id, last })) as unknown as WatchHistory;

export async function addressOf(person: Person, name: string): Promise<bigint> {
  const text = /0x[0-9a-f]+/.exec(await person.evaluate(`&${name}`))?.[0];
  assert.ok(text !== undefined, `${name} has an address`);
  return BigInt(text);
}
