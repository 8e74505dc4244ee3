import assert from 'node:assert/strict';
import fc from 'fast-check';
import { frame, FrameReader } from '../../../adapter/wire/dap/framing';

function bench() {
  const messages: unknown[] = [];
  const damage: string[] = [];
  const reader = new FrameReader({
    onMessage: (message) => messages.push(message),
    onDamage: (what) => damage.push(what),
  });
  return { reader, messages, damage };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('DAP framing', () => {
  const hello = { seq: 1, type: 'request', command: 'grüße' };

  it('reads messages cut at any byte', () => {
    const whole = Buffer.concat([frame(hello), frame({ ...hello, seq: 2 })]);
    for (let cut = 0; cut <= whole.length; cut++) {
      const { reader, messages, damage } = bench();
      reader.push(whole.subarray(0, cut));
      reader.push(whole.subarray(cut));
      assert.deepEqual(messages, [hello, { ...hello, seq: 2 }]);
      assert.deepEqual(damage, []);
    }
  });

  it('tells what is missing when the stream ends at any byte', () => {
    const whole = frame(hello);
    for (let cut = 1; cut < whole.length; cut++) {
      const { reader, messages, damage } = bench();
      reader.push(whole.subarray(0, cut));
      reader.end();
      assert.deepEqual(messages, []);
      assert.equal(damage.length, 1, `cut at ${cut}`);
      assert.match(damage[0] ?? '', /the stream ended/);
    }
  });

  it('goes on behind a body that is no JSON', () => {
    const { reader, messages, damage } = bench();
    reader.push(bytes('Content-Length: 5\r\n\r\n{"a":'));
    reader.push(frame(hello));
    assert.deepEqual(messages, [hello]);
    assert.match(damage.join(), /not JSON/);
  });

  it('goes on behind a length that swallowed the next header', () => {
    const { reader, messages, damage } = bench();
    reader.push(bytes('Content-Length: 40\r\n\r\n{"a":1}'));
    reader.push(frame(hello));
    reader.push(frame(hello));
    assert.equal(damage.length, 1);
    assert.deepEqual(messages, [hello, hello]);
  });

  it('goes on behind headers without a length, and behind noise before one', () => {
    const { reader, messages, damage } = bench();
    reader.push(bytes('Hello: you\r\n\r\n'));
    reader.push(bytes('noise\n'));
    reader.push(frame(hello));
    assert.deepEqual(messages, [hello]);
    assert.equal(damage.length, 1);
  });

  it('refuses a length that no message has', () => {
    const { reader, messages, damage } = bench();
    reader.push(bytes('Content-Length: 99999999999\r\n\r\n'));
    reader.push(frame(hello));
    assert.deepEqual(messages, [hello]);
    assert.match(damage.join(), /at most/);
  });

  it('does not keep endless noise', () => {
    const { reader, messages, damage } = bench();
    for (let i = 0; i < 100; i++) reader.push(bytes('x'.repeat(1000)));
    reader.push(bytes('\r\n\r\n'));
    reader.push(frame(hello));
    assert.deepEqual(messages, [hello]);
    assert.ok(damage.length > 0 && damage.length < 100);
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 10 }), (chunks) => {
        const { reader } = bench();
        for (const chunk of chunks) reader.push(chunk);
        reader.end();
      }),
    );
  });
});
