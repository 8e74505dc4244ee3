// The debugger's target over the emulated kernel, without symbols: addresses come from the ELF's own symbol table.

import * as assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { nodeHost } from '../../adapter/host/launch';
import { fileInput, StreamInput } from '../../adapter/host/node-terminal';
import { createMachine } from '../../adapter/machine/create-machine';
import { EmulatedTarget } from '../../adapter/target/emulated/emulated-target';
import type { ProgramEnd, ResumeOptions, Stop, TargetObserver, ThreadId, WatchHit } from '../../adapter/target/target';

const sources = path.resolve(__dirname, '../programs');
let directory: string;

interface Built {
  readonly program: string;
  readonly symbols: ReadonlyMap<string, bigint>;
}

/** Not position-independent, so that link-time addresses are run-time ones. */
function build(name: string): Built {
  const program = path.join(directory, name);
  execFileSync('gcc', ['-g', '-O0', '-no-pie', '-pthread', '-o', program, path.join(sources, `${name}.c`)]);
  const lines = execFileSync('nm', [program], { encoding: 'utf8' }).split('\n');
  const symbols = lines.flatMap((line): [string, bigint][] => {
    const words = line.trim().split(' ');
    return words.length < 3 ? [] : [[words[2], BigInt(`0x${words[0]}`)]];
  });
  return { program, symbols: new Map(symbols) };
}

class Bench implements TargetObserver {
  readonly target: EmulatedTarget;
  readonly hits: { thread: ThreadId; hit: WatchHit }[] = [];
  readonly events: string[] = [];
  output = '';
  stopAtWatches = false;
  stopAtCode = true;
  end: ProgramEnd | undefined;
  private waiting: ((stop: Stop | undefined) => void) | undefined;

  constructor(readonly built: Built) {
    const input = new StreamInput();
    input.end();
    const none = { device: 'pipe' as const, write: (bytes: Uint8Array) => bytes.length };
    const stdin = { kind: 'stream' as const, input, device: 'pipe' as const };
    this.target = new EmulatedTarget({
      createMachine,
      host: nodeHost({
        stdin: fileInput('/dev/null'),
        stdout: none,
        stderr: none,
        size: () => ({ rows: 1, columns: 1 }),
      }),
      options: { cpus: 2, debugRegisters: 4, writableRoots: ['/tmp'] },
      stdin,
      launch: { path: built.program, argv: [built.program], environment: [], cwd: '/tmp' },
      loop: {
        now: () => performance.now(),
        soon: (callback) => setImmediate(callback),
        after: (delayMs, callback) => setTimeout(callback, delayMs),
      },
    });
    this.target.start(this);
  }

  address(symbol: string): bigint {
    return this.built.symbols.get(symbol) ?? assert.fail(`no symbol ${symbol}`);
  }

  get main(): ThreadId {
    return this.target.threads()[0].id;
  }

  /** undefined: the program ended. */
  async run(options?: ResumeOptions): Promise<Stop | undefined> {
    const stopped = new Promise<Stop | undefined>((resolve) => (this.waiting = resolve));
    this.target.resume(options);
    return stopped;
  }

  async runTo(symbol: string): Promise<void> {
    this.target.setCodeStops(new Set([this.address(symbol)]));
    const stop = await this.run();
    assert.strictEqual(stop?.reason.kind, 'codeStop');
    this.target.setCodeStops(new Set());
  }

  onStop(stop: Stop): void {
    this.waiting?.(stop);
  }

  onEnd(end: ProgramEnd): void {
    this.end = end;
    this.waiting?.(undefined);
  }

  onThreadStarted(thread: { id: ThreadId }): void {
    this.events.push(`+${thread.id - this.target.processId}`);
  }

  onThreadExited(thread: ThreadId): void {
    this.events.push(`-${thread - this.target.processId}`);
  }

  onModulesChanged(): void {
    this.events.push('modules');
  }

  onOutput(_stream: string, bytes: Uint8Array): void {
    this.output += new TextDecoder().decode(bytes);
  }

  onNotice(text: string): void {
    this.events.push(text);
  }

  onWatchHit(thread: ThreadId, hits: readonly WatchHit[]): 'stop' | 'continue' {
    for (const hit of hits) this.hits.push({ thread, hit });
    return this.stopAtWatches ? 'stop' : 'continue';
  }

  onCodeStop(): 'stop' | 'continue' {
    return this.stopAtCode ? 'stop' : 'continue';
  }

  onDebugRegistersChanged(): void {
    // Seen in the map.
  }
}

function int32(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getInt32(0, true);
}

describe('emulated target', function () {
  this.timeout(60_000);

  before(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-target-'));
  });

  after(() => {
    fs.rmSync(directory, { recursive: true });
  });

  it('stands at the loader before anything has run, and knows main program and loader', () => {
    const bench = new Bench(build('counter'));
    const modules = bench.target.modules();
    assert.strictEqual(modules[0].path, fs.realpathSync(bench.built.program));
    assert.deepStrictEqual([modules[0].isMain, modules[0].bias], [true, 0n]);
    assert.match(modules[1].path, /ld-linux|\/ld-/);
    assert.strictEqual(bench.target.running, false);
    assert.strictEqual(bench.target.auxiliaryVector().length % 16, 0);
  });

  it('tells each write of a watched variable, with its bytes before and after', async () => {
    const bench = new Bench(build('counter'));
    await bench.runTo('main');
    const piece = { address: bench.address('counter'), lengthBytes: 4, access: 'write' } as const;
    assert.strictEqual(bench.target.armWatch(1, [piece], 'all').kind, 'armed');
    await bench.run();
    assert.deepStrictEqual(
      bench.hits.map(({ hit }) => [int32(hit.before), int32(hit.after), hit.watch, hit.access]),
      [40, 41, 42].map((value) => [value, value + 1, 1, 'write']),
    );
    assert.deepStrictEqual(bench.end, { kind: 'exited', code: 3 });
    assert.strictEqual(bench.output, 'counter 43 total 126 hello\n');
  });

  it('stops right after the write and goes on from there', async () => {
    const bench = new Bench(build('counter'));
    await bench.runTo('main');
    bench.target.armWatch(7, [{ address: bench.address('counter'), lengthBytes: 4, access: 'write' }], 'all');
    bench.stopAtWatches = true;
    for (const value of [41, 42, 43]) {
      const stop = await bench.run();
      assert.strictEqual(stop?.reason.kind, 'watch');
      assert.strictEqual(int32(bench.target.readMemory(bench.address('counter'), 4)), value);
    }
    assert.strictEqual(await bench.run(), undefined);
  });

  it('reaches threads that start after the watch', async () => {
    const bench = new Bench(build('racers'));
    await bench.runTo('main');
    bench.target.armWatch(1, [{ address: bench.address('shared'), lengthBytes: 4, access: 'write' }], 'all');
    await bench.run();
    // `shared = 0` in main, then three rounds in each of four threads.
    assert.strictEqual(bench.hits.length, 13);
    assert.strictEqual(new Set(bench.hits.map(({ thread }) => thread)).size, 5);
    assert.strictEqual(int32(bench.hits[12].hit.after), 30);
    assert.strictEqual(bench.events.filter((event) => event.startsWith('+')).length, 4);
    assert.strictEqual(bench.events.filter((event) => event.startsWith('-')).length, 5);
  });

  it('refuses a fifth register, names the holders, and changes nothing', async () => {
    const bench = new Bench(build('counter'));
    await bench.runTo('main');
    const address = bench.address('counter');
    for (const watch of [1, 2, 3, 4]) {
      assert.strictEqual(
        bench.target.armWatch(watch, [{ address, lengthBytes: 4, access: 'write' }], 'all').kind,
        'armed',
      );
    }
    const refused = bench.target.armWatch(5, [{ address, lengthBytes: 1, access: 'readWrite' }], 'all');
    assert.ok(refused.kind === 'refused');
    assert.deepStrictEqual([refused.errno, refused.slotsNeeded, refused.slotsFree], ['ENOSPC', 1, 0]);
    assert.deepStrictEqual(
      refused.holders.map((holder) => holder.watch),
      [1, 2, 3, 4],
    );
    bench.target.disarmWatch(2);
    const { map, watches } = bench.target.debugRegisters();
    assert.deepStrictEqual(map.slots, { total: 4, used: 3, free: 1 });
    assert.deepStrictEqual(
      map.threads[0].registers.map((register) => register.state),
      ['armed', 'free', 'armed', 'armed'],
    );
    assert.strictEqual(watches.get(`${bench.main}:2`), 3);
    assert.strictEqual(
      bench.target.armWatch(5, [{ address, lengthBytes: 1, access: 'readWrite' }], 'all').kind,
      'armed',
    );
  });

  it('steps by instructions and within a range', async () => {
    const bench = new Bench(build('counter'));
    await bench.runTo('bump');
    const registers = bench.target.registers(bench.main);
    const start = registers.read(16);
    const stop = await bench.run({ step: { thread: bench.main, instructions: 2 } });
    assert.strictEqual(stop?.reason.kind, 'step');
    const end = start + 200n;
    assert.ok(registers.read(16) > start && registers.read(16) < end);
    const size = 30n;
    const out = await bench.run({ stepRange: { thread: bench.main, start, end: start + size }, othersRun: true });
    assert.strictEqual(out?.reason.kind, 'step');
    const rip = registers.read(16);
    assert.ok(rip < start || rip >= start + size, rip.toString(16));
  });

  it('pauses a program that never ends, and kills it', async () => {
    const bench = new Bench(build('spin'));
    setTimeout(() => {
      bench.target.pause();
    }, 50);
    const stop = await bench.run();
    assert.strictEqual(stop?.reason.kind, 'pause');
    const turns = bench.target.readMemory(bench.address('turns'), 8);
    const stopped = bench.run();
    setTimeout(() => {
      bench.target.pause();
    }, 50);
    await stopped;
    assert.notDeepStrictEqual(bench.target.readMemory(bench.address('turns'), 8), turns);
    const ended = bench.run();
    bench.target.kill();
    assert.strictEqual(await ended, undefined);
    assert.ok(bench.end?.kind === 'killed' && bench.end.signal.name === 'SIGKILL');
  });

  it('holds a signal before it is delivered; then it kills', async () => {
    const bench = new Bench(build('crash'));
    const stop = await bench.run();
    assert.ok(stop?.reason.kind === 'signal');
    const { name, address, detail } = stop.reason.signal;
    assert.deepStrictEqual([name, address, detail], ['SIGSEGV', 16n, 'address 0x10 is not mapped (write)']);
    assert.strictEqual(await bench.run(), undefined);
    assert.ok(bench.end?.kind === 'killed' && bench.end.signal.name === 'SIGSEGV');
  });

  it('lets a program go on whose signal is discarded', async () => {
    const bench = new Bench(build('crash'));
    await bench.run();
    const registers = bench.target.registers(bench.main);
    // mov %rax at fault is `movl $1,(%rax)`: six bytes.
    registers.write(16, registers.read(16) + 6n);
    assert.strictEqual(await bench.run({ discardSignal: true }), undefined);
    assert.match(bench.output, /unreachable/);
    assert.deepStrictEqual(bench.end, { kind: 'exited', code: 0 });
  });

  it('reads and writes memory, whatever its protection, but only where there is some', async () => {
    const bench = new Bench(build('counter'));
    await bench.runTo('main');
    const code = bench.address('main');
    assert.strictEqual(bench.target.writeMemory(code, bench.target.readMemory(code, 4)), true);
    assert.strictEqual(bench.target.readMemory(8n, 4).length, 0);
    assert.strictEqual(bench.target.writeMemory(8n, Uint8Array.of(1)), false);
    const counter = bench.address('counter');
    bench.target.writeMemory(counter, Uint8Array.of(100, 0, 0, 0));
    await bench.run();
    assert.match(bench.output, /^counter 103 /);
  });

  it('tells of libraries before their code runs', async () => {
    const bench = new Bench(build('counter'));
    await bench.runTo('main');
    assert.ok(bench.events.includes('modules'));
    assert.ok(bench.target.modules().some((module) => /libc\.so/.test(module.path)));
  });
});
