// Recordings: what is written comes back; what was cut off, damaged or is foreign is told as such.

import * as assert from 'node:assert';
import { UserError } from '../../../../adapter/util/user-error';
import { readRecording, RecordingWriter } from '../../../../adapter/wire/cli/perf/recording';

const EVENT = { text: 'mem:counter:w', address: '0x404040', lengthBytes: 4, access: 'write', period: 1 } as const;

function written(): string {
  let text = '';
  const writer = new RecordingWriter((part) => (text += part));
  writer.header({ command: './a "b"', events: [EVENT] });
  const inner = writer.place({ address: '0x401000', function: 'bump', file: '/src/a.c', line: 3, module: '/a' });
  const outer = writer.place({ address: '0x401080', function: 'main' });
  const stack = writer.stack([inner, outer]);
  writer.hit({ event: 0, thread: 1000, cpu: 1, timeNs: 50, stack });
  writer.hit({ event: 0, thread: 1000, cpu: 0, timeNs: 60, stack: writer.stack([inner, outer]) });
  writer.thread({ id: 1000, process: 1000, name: 'a' });
  writer.end({ lost: 0, counts: [2], exitCode: 0 });
  return text;
}

const refused = (text: string): string => {
  try {
    readRecording('x.data', text);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.message;
  }
  return assert.fail(`accepted: ${text}`);
};

describe('recordings', () => {
  it('come back as they were written', () => {
    const recording = readRecording('x.data', written());
    assert.deepStrictEqual([recording.command, recording.events], ['./a "b"', [EVENT]]);
    assert.deepStrictEqual(recording.stacks, [[0, 1]]);
    assert.deepStrictEqual(
      recording.hits.map(({ cpu, timeNs }) => [cpu, timeNs]),
      [
        [1, 50],
        [0, 60],
      ],
    );
    assert.deepStrictEqual(recording.places[1].function, 'main');
    assert.deepStrictEqual(recording.end, { hits: 2, lost: 0, counts: [2], exitCode: 0 });
  });

  it('cut off at any byte: an error that says so, never another failure', () => {
    const text = written();
    const header = text.indexOf('\n');
    for (let length = 0; length < text.length - 1; length += 1) {
      const message = refused(text.slice(0, length));
      if (length > header) assert.match(message, /was cut off before its end/, `${length}`);
    }
    assert.ok(readRecording('x.data', text.slice(0, -1)).hits.length === 2, 'only the last newline is missing');
  });

  it('foreign files, and those of perf', () => {
    assert.match(refused('int main(void) {}\n'), /x\.data is no recording of Trapline's/);
    assert.match(refused('PERFILE2\u0000'), /written by perf; read it with perf report/);
    assert.match(refused('{"trapline":"recording","version":2}\n'), /version 2, and this Trapline reads version 1/);
  });

  it('damage is told with its line', () => {
    const lines = written().split('\n');
    const withLine = (number: number, line: string): string => lines.with(number - 1, line).join('\n');
    assert.match(refused(withLine(2, '["place",{}]')), /line 2: a place has no address/);
    assert.match(refused(withLine(4, '["stack",[0,7]]')), /line 4: a stack has unknown places/);
    assert.match(refused(withLine(5, '["hit",3,1,0,0,0]')), /line 5: a hit is of an unknown event/);
    assert.match(refused(withLine(5, '["hit",0,1]')), /line 5: a hit is incomplete/);
    assert.match(refused(withLine(5, '{}')), /line 5: it is no list/);
    assert.match(refused(withLine(5, '["hi')), /line 5: it is not JSON/);
    assert.match(refused(withLine(8, '["end",{"hits":2,"lost":0,"counts":[],"exitCode":0}]')), /line 8/);
  });

  it('lines of kinds that are not known are passed over', () => {
    const lines = written().split('\n');
    assert.strictEqual(readRecording('x.data', lines.toSpliced(1, 0, '["weather","fine"]').join('\n')).hits.length, 2);
  });
});
