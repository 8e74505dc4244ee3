// judged-watches.long.test.ts: what the machine decides of a watch's hits is what is decided where the thread is looked at.
//
// The same program with the same random watches runs twice; once the target is given no filters, so that each hit is told
// and judged in the session. Stops, counts, places and histories must be equal.

import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { sessionEngine } from '../../adapter/host/session-engine';
import type { WatchSpec } from '../../adapter/protocol/watches';
import { DebugSession } from '../../adapter/session/debug-session';
import { readLaunchConfig } from '../../adapter/session/launch-config';
import type { SessionObserver } from '../../adapter/session/session-events';

const SOURCE = path.resolve(__dirname, '../programs/judged.c');
const LINE_WATCH =
  1 +
  readFileSync(SOURCE, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes('MARK watch'));
/** A program that is stopped more often is let go on without its watches. */
const MOST_STOPS = 25;
/** At that stop the first watch is removed. */
const FIRST_ENDS = 3;

interface Outcome {
  readonly armed: readonly string[];
  readonly stops: readonly string[];
  readonly watches: readonly unknown[];
  readonly notes: readonly string[];
  /** Hits that were told to the session. */
  readonly told: number;
}

const nothing = (): void => undefined;

function run(program: string, specs: readonly WatchSpec[], isFast: boolean): Promise<Outcome> {
  const engine = sessionEngine();
  let told = 0;
  const config = readLaunchConfig({ program, args: ['7'], debugRegisters: 32 }, engine.files);
  return new Promise((resolve) => {
    const stops: string[] = [];
    const notes: string[] = [];
    const armed: string[] = [];
    const arm = async (): Promise<void> => {
      const [thread] = session.threads();
      const [frame] = session.stackTrace(thread.id, 0, 1).frames;
      await session.setLineBreakpoints(SOURCE, []);
      for (const spec of specs) armed.push((await session.addWatch({ ...spec, frameId: frame.id })).state);
    };
    const observer: SessionObserver = {
      onStopped: ({ kind, thread, description = '', text = '' }) => {
        if (kind === 'breakpoint') {
          void arm().then(() => {
            session.execution.continue();
          });
          return;
        }
        stops.push(`${thread} ${description} ${text}`);
        if (stops.length === FIRST_ENDS) void session.removeWatch(session.watches()[0].id);
        if (stops.length === MOST_STOPS) for (const { id } of session.watches()) void session.removeWatch(id);
        session.execution.continue();
      },
      onExited: () => {
        const watches = session
          .watches()
          .map((watch) => ({ watch, history: session.watchHistory(watch.id, undefined) }));
        resolve({ armed, stops, watches, notes, told });
      },
      onOutput: (kind, text) => {
        if (kind === 'console') notes.push(text);
      },
      onThread: nothing,
      onModule: nothing,
      onBreakpointChanged: nothing,
      onMemoryChanged: nothing,
      onDebugRegistersChanged: nothing,
      onWatchesChanged: nothing,
    };
    const session = DebugSession.launch(
      config,
      {
        ...engine,
        createTarget: (launch) => {
          const target = engine.createTarget(launch);
          const start = target.start.bind(target);
          target.start = (heard) => {
            const onWatchHit = heard.onWatchHit.bind(heard);
            heard.onWatchHit = (thread, hits) => {
              told++;
              return onWatchHit(thread, hits);
            };
            start(heard);
          };
          if (!isFast) target.setWatchFilters = nothing;
          return target;
        },
      },
      observer,
    );
    void session.setLineBreakpoints(SOURCE, [{ line: LINE_WATCH }]);
    session.execution.begin();
  });
}

const EXPRESSIONS = [
  ...['total', 'counter', 'small', 'small[3]', 'ratio', 'packed', 'packed.value', 'packed.other', 'pair', 'pair[1]'],
  ...['bits', 'bits.low', 'bits.high', 'seat', 'packed', 'counter'],
  ...['local', 'peer', 'wide', 'mine', 'mine.value', 'mine.tag'],
];
const CONDITIONS = [
  ...[
    '$new > $old',
    '$new == 1',
    '$hits % 7 == 3',
    'counter % 5 == 0',
    'total == 2 || counter > 250',
    '$writer == "store"',
  ],
  ...[
    'depth == 1',
    'i > 60',
    'local > 10',
    '$thread != 1',
    '12 / total == 4',
    'wide & 1',
    'packed.other == 3',
    'nowhere == 1',
    'seat->high < 0',
    'seat && seat->low == 3',
    '$new.value > $old.value',
    '(unsigned char)$new == 7',
    'small[counter & 7] > 50',
    '$new == &bits || $new < 0',
  ],
];

/** Those of a row overlap. */
const OVERLAPPING = [
  ...[['counter'], ['total'], ['ratio'], ['seat'], ['local'], ['peer'], ['bits', 'bits.low', 'bits.high']],
  ...[
    ['packed', 'packed.value', 'packed.other'],
    ['pair', 'pair[1]'],
    ['small', 'small[3]'],
    ['mine', 'mine.value', 'mine.tag'],
  ],
];

const specOf = (expressions: readonly string[]): fc.Arbitrary<WatchSpec> =>
  fc.record(
    {
      expression: fc.constantFrom(...expressions),
      access: fc.constantFrom('change', 'write', 'read', 'access'),
      mode: fc.constantFrom('count', 'count', 'count', 'stop'),
      condition: fc.constantFrom(...CONDITIONS),
      hitCondition: fc.constantFrom('> 20', '% 9', '== 30', '< 4'),
    },
    { requiredKeys: ['expression', 'access', 'mode'] },
  );
const anywhere = fc.array(specOf(EXPRESSIONS), { minLength: 1, maxLength: 4 });
const together = fc
  .constantFrom(...OVERLAPPING)
  .chain((expressions) => fc.array(specOf(expressions), { minLength: 2, maxLength: 5 }));

describe('watches whose hits the machine decides', () => {
  let folder = '';
  let program = '';
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'trapline-judged-'));
    program = path.join(folder, 'judged');
    execFileSync('gcc', ['-g', '-O0', '-pthread', '-o', program, SOURCE]);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  async function areJudgedAlike(some: fc.Arbitrary<readonly WatchSpec[]>): Promise<void> {
    const runs = Number(process.env['TRAPLINE_JUDGED_RUNS'] ?? 6);
    await fc.assert(
      fc.asyncProperty(some, async (specs) => {
        const { told: toldSlowly, ...slow } = await run(program, specs, false);
        const { told, ...fast } = await run(program, specs, true);
        assert.deepEqual(fast, slow);
        assert.ok(told <= toldSlowly);
      }),
      { numRuns: runs },
    );
  }

  it('stop, count and remember as those that are judged where the thread can be looked at', async function () {
    this.timeout(0);
    await areJudgedAlike(anywhere);
  });

  it('do so together with others on the same bytes, and on bytes that overlap', async function () {
    this.timeout(0);
    await areJudgedAlike(together);
  });

  it('are told seldom: of one piece, of several, of a local, with another of the same', async function () {
    this.timeout(120_000);
    for (const expression of ['counter', 'pair', 'mine', 'local']) {
      const counted: WatchSpec = { expression, access: 'write', mode: 'count' };
      const slow = await run(program, [counted], false);
      for (const more of [[], [{ expression, condition: '$hits < 0' }]]) {
        const fast = await run(program, [counted, ...more], true);
        // Backtraces of the first 64 are taken where they can be.
        assert.ok(fast.told < 100 && slow.told > 3 * fast.told, `${expression}: ${fast.told} of ${slow.told}`);
      }
    }
  });
});
