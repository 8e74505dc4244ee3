// Whoever looks, and however often: the same program runs the same way. That is what going back in time rests on.

import assert from 'node:assert/strict';
import { EmulatedTarget } from '../../adapter/target/emulated/emulated-target';
import type { Stop } from '../../adapter/target/target';
import { benchHost, benchParts, buildProgram, nodeLoop } from './emulated-bench';

interface Looker {
  readonly slices?: 'tiny';
  readonly hits: 'continue' | 'stop';
  readonly burn?: 'stop';
  readonly steps?: boolean;
}

describe('determinism', function () {
  this.timeout(60_000);
  const built = buildProgram('rewind');
  const host = benchHost();

  async function run({ slices, hits: verdict, burn, steps }: Looker) {
    let now = 0;
    const loop = slices === undefined ? nodeLoop : { ...nodeLoop, now: () => (now += 1000) };
    const target = new EmulatedTarget(benchParts(built, host, { loop }));
    const hits: string[] = [];
    let stops = 0;
    const goOn = ({ thread, reason }: Stop): void => {
      stops++;
      const start = target.registers(thread).read(16);
      const isStep = steps === true && reason.kind === 'codeStop';
      target.resume(isStep ? { stepRange: { thread, start, end: start + 16n }, othersRun: true } : {});
    };
    await new Promise<void>((resolve) => {
      const nothing = (): void => undefined;
      target.start({
        ...{ onThreadStarted: nothing, onThreadExited: nothing, onModulesChanged: nothing, onOutput: nothing },
        ...{
          onNotice: nothing,
          onDebugRegistersChanged: nothing,
          onEnd: () => {
            resolve();
          },
          onStop: goOn,
        },
        onCodeStop: () => burn ?? 'continue',
        onWatchHit: (thread, [hit]) => {
          hits.push(
            `${target.timeNs} thread ${thread} at ${hit.instruction} ${Buffer.from(hit.after).toString('hex')}`,
          );
          return verdict;
        },
      });
      const pieces = ['shared', 'ticks'].map((name) => ({ address: built.address(name), access: 'write' as const }));
      target.armWatch(1, [{ ...pieces[0], lengthBytes: 4 }], 'all');
      target.armWatch(2, [{ ...pieces[1], lengthBytes: 8 }], 'all');
      if (burn !== undefined) target.setCodeStops(new Set([built.address('burn')]));
      target.resume();
    });
    return { hits, stops, moment: target.kernel.moment };
  }

  it('neither stops nor steps nor the length of slices change what happens when', async () => {
    const unseen = await run({ hits: 'continue' });
    assert.deepEqual([unseen.hits.length, unseen.stops], [160, 0]);
    const lookers: Looker[] = [
      { hits: 'continue', slices: 'tiny' },
      { hits: 'stop' },
      { hits: 'continue', burn: 'stop', steps: true },
      { hits: 'stop', burn: 'stop', slices: 'tiny' },
    ];
    for (const looker of lookers) {
      const seen = await run(looker);
      assert.deepEqual(seen.hits, unseen.hits);
      assert.deepEqual(seen.moment, unseen.moment);
      assert.ok(looker.slices === 'tiny' || seen.stops >= 80, `${seen.stops} stops`);
    }
  });
});
