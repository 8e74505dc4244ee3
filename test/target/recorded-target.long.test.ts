// Going back: a rehearsal comes by the very moments of the first run, with all registers and all memory, and does
// nothing outside.

import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileInput } from '../../adapter/host/node-terminal';
import { EmulatedTarget } from '../../adapter/target/emulated/emulated-target';
import { HostJournal, JournalRun } from '../../adapter/target/recorded/host-journal';
import { RecordedTarget } from '../../adapter/target/recorded/recorded-target';
import type { RehearsalEnd, Stop, Target, ThreadId, TimeTravel, WatchHit } from '../../adapter/target/target';
import { benchHost, benchParts, buildProgram } from './emulated-bench';

/** What a person could see of a stop. */
interface Seen {
  readonly time: number;
  readonly hit: string;
  readonly threads: readonly string[];
  readonly memory: string;
}

describe('a program that is taken back', function () {
  this.timeout(60_000);
  const built = buildProgram('rewind');
  const input = path.join(built.directory, 'input.txt');
  const log = path.join(built.directory, 'log.txt');
  let verdict: (thread: ThreadId, hits: readonly WatchHit[]) => 'stop' | 'continue';
  let journal: HostJournal;
  let target: RecordedTarget;
  let time: TimeTravel;
  let output: string;
  let news: string[];
  let stopped: ((stop: Stop | 'ended') => void) | undefined;

  const shared = () => [{ address: built.address('shared'), lengthBytes: 4, access: 'write' }] as const;

  beforeEach(() => {
    writeFileSync(input, '42\n');
    rmSync(log, { force: true });
    output = '';
    news = [];
    verdict = () => 'continue';
    const host = benchHost();
    const answers = new HostJournal(host.files);
    journal = answers;
    const parts = benchParts(built, host, { args: [log] });
    const stdin = fileInput(input);
    assert.equal(stdin.kind, 'file');
    target = new RecordedTarget({
      journal: answers,
      makeRun: (isFirst) => {
        const files = new JournalRun(answers, isFirst);
        const again = { ...stdin, file: files.given(() => stdin.file) };
        return { target: new EmulatedTarget({ ...parts, host: { ...host, files }, stdin: again }), journal: files };
      },
    });
    time = target.time;
    target.start({
      onStop: (stop) => stopped?.(stop),
      onEnd: () => stopped?.('ended'),
      onThreadStarted: ({ id }) => news.push(`+${id}`),
      onThreadExited: (id) => news.push(`-${id}`),
      onModulesChanged: () => undefined,
      onOutput: (_stream, bytes) => (output += new TextDecoder().decode(bytes)),
      onNotice: (text) => news.push(text),
      onWatchHit: (thread, hits) => verdict(thread, hits),
      onCodeStop: () => 'stop',
      onDebugRegistersChanged: () => undefined,
    });
  });

  function run(): Promise<Stop | 'ended'> {
    return new Promise((resolve) => {
      stopped = resolve;
      target.resume();
    });
  }

  function see(of: Target, hit: string): Seen {
    return {
      time: of.timeNs,
      hit,
      threads: of.threads().map(({ id, name }) => {
        const registers = of.registers(id);
        const numbers = Array.from({ length: 17 }, (_, number) => registers.read(number).toString(16));
        const stack = Buffer.from(of.readMemory(registers.read(7), 256)).toString('hex');
        return [id, name, ...numbers, Buffer.from(registers.fxsave).toString('hex'), stack].join(' ');
      }),
      memory: Buffer.from(of.readMemory(built.address('shared') & ~0xfffn, 4096)).toString('hex'),
    };
  }

  const textOf = (thread: ThreadId, [hit]: readonly WatchHit[]) =>
    `${thread} at ${hit.instruction}: ${Buffer.from(hit.before).toString('hex')} → ${Buffer.from(hit.after).toString('hex')}`;

  /** Stops at every write of `shared` up to that one; what was seen there. */
  async function runToWrite(count: number): Promise<Seen[]> {
    const seen: Seen[] = [];
    let last = '';
    verdict = (thread, hits) => {
      last = textOf(thread, hits);
      return 'stop';
    };
    target.armWatch(1, shared(), 'all');
    while (seen.length < count) {
      const stop = await run();
      assert.ok(stop !== 'ended' && stop.reason.kind === 'watch');
      seen.push(see(target, last));
    }
    return seen;
  }

  /** A rehearsal that stands right after the write at that time. */
  async function rehearseTo(wanted: Seen) {
    const rehearsal = time.rehearse();
    assert.deepEqual(await rehearsal.run({ timeNs: wanted.time - 1, work: 0 }), { kind: 'arrived' });
    assert.ok(rehearsal.target.timeNs < wanted.time);
    rehearsal.target.armWatch(1, shared(), 'all');
    let hit = '';
    const end: RehearsalEnd = await rehearsal.run(time.present, {
      onWatchHit: (thread, hits, timeNs) => {
        hit = textOf(thread, hits);
        return timeNs === wanted.time ? 'stop' : 'continue';
      },
    });
    assert.deepEqual(end, { kind: 'hit' });
    return { rehearsal, seen: see(rehearsal.target, hit) };
  }

  it('comes by each moment as it was: threads, registers, stacks and memory', async () => {
    const seen = await runToWrite(60);
    const threads = new Set(seen.map(({ hit }) => hit.split(' ')[0]));
    assert.equal(threads.size, 2, 'two threads write');
    for (const wanted of [seen[58], seen[0], seen[17], seen[31]]) {
      const { rehearsal, seen: again } = await rehearseTo(wanted);
      assert.deepEqual(again, wanted);
      rehearsal.drop();
    }
  });

  it('writes and reads nothing twice, puts nothing out twice, and goes on from the present as if nothing had been', async () => {
    const seen = await runToWrite(20);
    assert.deepEqual([readFileSync(log, 'utf8'), output], ['begun\n', 'typed 42\n']);
    // What the program has read may be another now.
    writeFileSync(input, '77\n');
    writeFileSync(log, 'begun\nmore by others\n');
    const { rehearsal } = await rehearseTo(seen[5]);
    time.adopt(rehearsal);
    assert.deepEqual([time.isPast, time.now.timeNs, time.present.timeNs], [true, seen[5].time, seen[19].time]);
    target.armWatch(1, shared(), 'all');
    for (const wanted of seen.slice(6)) {
      assert.notEqual(await run(), 'ended');
      assert.equal(target.timeNs, wanted.time);
    }
    assert.deepEqual(see(target, seen[19].hit), seen[19]);
    assert.equal(time.isPast, false);
    assert.deepEqual([readFileSync(log, 'utf8'), output], ['begun\nmore by others\n', 'typed 42\n']);
    target.disarmWatch(1);
    assert.equal(await run(), 'ended');
    assert.equal(readFileSync(log, 'utf8'), 'begun\nmore by others\njoined\nended\n');
    assert.match(output, /^typed 42\nconfig 42, sum 10, shared -?\d+\n$/);
  });

  it('stops at the present, where it stood, with the breakpoint there told already', async () => {
    target.setCodeStops(new Set([built.address('spoil')]));
    const stop = await run();
    assert.ok(stop !== 'ended' && stop.reason.kind === 'codeStop');
    const there = see(target, '');
    const rehearsal = time.rehearse();
    assert.deepEqual(await rehearsal.run({ timeNs: there.time >> 1, work: 0 }), { kind: 'arrived' });
    const { gone, come } = time.adopt(rehearsal);
    assert.deepEqual([gone.length, come.length], [0, 2], 'the workers are there again');
    target.setCodeStops(new Set([built.address('spoil')]));
    assert.deepEqual(await run(), { thread: stop.thread, reason: { kind: 'present' } });
    assert.deepEqual(see(target, ''), there);
    assert.equal(await run(), 'ended');
  });

  it('what the debugger wrote is written again at its moment; the past itself cannot be changed', async () => {
    await runToWrite(3);
    const config = built.address('config');
    target.writeMemory(config, Uint8Array.of(9, 0, 0, 0));
    await runToWrite(4);
    const present = see(target, '');
    const rehearsal = time.rehearse();
    assert.deepEqual(await rehearsal.run({ timeNs: present.time - 1, work: 0 }), { kind: 'arrived' });
    assert.equal(rehearsal.target.readMemory(config, 1)[0], 9);
    const earlier = time.rehearse();
    assert.deepEqual(await earlier.run({ timeNs: 50_000, work: 0 }), { kind: 'arrived' });
    time.adopt(earlier);
    assert.equal(target.readMemory(config, 1)[0], 7);
    assert.throws(() => target.writeMemory(config, Uint8Array.of(1)), /its past, which cannot be changed/);
    assert.throws(() => {
      target.registers(target.threads()[0].id).write(0, 1n);
    }, /its past, which cannot be changed/);
    const stop = await run();
    assert.ok(stop !== 'ended' && stop.reason.kind === 'present');
    assert.deepEqual(see(target, ''), present);
  });

  it('a run that is not the same is found out, and touches nothing', async () => {
    await runToWrite(20);
    const open = journal.numbers.answers.findIndex(({ call }) => call.includes('log.txt'));
    journal.numbers.answers.splice(open, 1);
    const rehearsal = time.rehearse();
    const end = await rehearsal.run(time.present);
    assert.match(end.kind === 'diverged' ? end.why : end.kind, /^it did `open .*log\.txt/);
    assert.equal(readFileSync(log, 'utf8'), 'begun\n');
  });
});
