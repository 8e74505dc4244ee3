// The symbol tracer's files, as a guest program uses them.

import * as assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { traceSystemOf } from '../../../adapter/kernel/process/trace-files';
import { runEmulated } from '../emulated-run';

const source = path.resolve(__dirname, '../../programs/kernel/traced.c');

describe('the tracing directory', function () {
  this.timeout(60_000);
  let directory = '';
  let program = '';

  before(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'trapline-tracing-'));
    program = path.join(directory, 'traced');
    execFileSync('gcc', ['-O0', '-o', program, source]);
  });

  after(() => {
    fs.rmSync(directory, { recursive: true });
  });

  const outputOf = (args: readonly string[]): string =>
    runEmulated(program, { args })
      .stdout.replace(/main\+0x[0-9a-f]+\/0x[0-9a-f]+/g, 'main+…')
      .replace(/touch\+0x[0-9a-f]+\/0x[0-9a-f]+/g, 'touch+…');

  const EXPECTED = [
    'available_tracers: ksym_tracer nop',
    'current_tracer: nop',
    'current_tracer <- nobody: Invalid argument',
    'current_tracer <- ksym_tracer: ok',
    'ksym_trace_filter <- counter:rw-: ok',
    'ksym_trace_filter <- counter:rw-: Invalid argument',
    'ksym_trace_filter <- nothing:rw-: Invalid argument',
    'ksym_trace_filter <- odd:r--: Invalid argument',
    'ksym_trace_filter <- odd:-w-: ok',
    'ksym_trace_filter: odd+0x0/0xc:-w-',
    'counter+0x0/0x4:rw-',
    'trace: # tracer: ksym_tracer',
    '#',
    '#       TASK-PID   CPU#      Symbol                    Type    Function',
    '#          |        |          |                        |         |',
    '     traced-1000  [000] counter+0x0/0x4 RW touch+…',
    '     traced-1000  [000] counter+0x0/0x4 RW touch+…',
    '     traced-1000  [000] counter+0x0/0x4 RW touch+…',
    '     traced-1000  [000] odd+0x0/0xc W  main+…',
    'ksym_profile:   Access Type   Symbol                                       Counter',
    '  -----------   ------                                       -------',
    '  W             odd                                                1',
    '  RW            counter                                            3',
    'ksym_profile <- 0: Permission denied',
    'tracing_on <- 0: ok',
    'tracing_on: 0',
    'tracing_on <- 1: ok',
    'trace_pipe: 2 lines',
    'again: Resource temporarily unavailable',
    'poll: 1',
    'ksym_trace_filter <- *:---: ok',
    'ksym_trace_filter: current_tracer <- nop: ok',
    'trace: # tracer: nop',
    '#',
    'access: 0 -1',
  ];

  it('takes filters, refuses what is wrong, and shows trace, profile and pipe', () => {
    assert.deepStrictEqual(outputOf([]).trimEnd().split('\n'), EXPECTED);
  });

  it('the same below debugfs', () => {
    assert.strictEqual(outputOf(['/sys/kernel/debug/tracing']), outputOf([]));
  });

  it('tested itself, and gave its slot back', () => {
    const { kernel } = runEmulated(program, {
      prepare: ({ context }) => {
        assert.strictEqual(traceSystemOf(context).selfTest, 'PASSED');
        assert.deepStrictEqual(context.layer.holders(), []);
      },
    });
    assert.strictEqual(traceSystemOf(kernel.context).selfTest, 'PASSED');
  });
});
