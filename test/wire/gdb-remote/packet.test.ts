// packet.test.ts: the framing survives every cut, every wrong byte and every escape.

import * as assert from 'node:assert';
import fc from 'fast-check';
import {
  framePacket,
  fromHex,
  fromLatin1,
  latin1,
  MAX_PACKET_BYTES,
  PacketReader,
  toHex,
} from '../../../adapter/wire/gdb-remote/packet';

describe('the remote protocol’s framing', () => {
  it('gives back what was framed, in whatever pieces it arrives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(310), (data, cut) => {
        const framed = framePacket(data);
        const reader = new PacketReader();
        const items = [...reader.feed(framed.subarray(0, cut)), ...reader.feed(framed.subarray(cut))];
        assert.deepStrictEqual(items, [{ kind: 'packet', data }]);
      }),
    );
  });

  it('asks again for a packet whose checksum is wrong, and takes the next one', () => {
    const reader = new PacketReader();
    assert.deepStrictEqual(reader.feed(latin1('$g#00')), [{ kind: 'bad' }]);
    assert.deepStrictEqual(reader.feed(latin1('+$g#67')), [{ kind: 'ack' }, { kind: 'packet', data: latin1('g') }]);
  });

  it('takes no beginning of a packet that is too long for the whole, and takes the next one', () => {
    // The bytes beyond the limit add nothing to the checksum.
    const tooLong = `$${'a'.repeat(2 * MAX_PACKET_BYTES)}${'\0'.repeat(10)}#00`;
    const reader = new PacketReader();
    assert.deepStrictEqual(reader.feed(latin1(tooLong)), [{ kind: 'bad' }]);
    assert.deepStrictEqual(reader.feed(framePacket('g')), [{ kind: 'packet', data: latin1('g') }]);
  });

  it('yields nothing for a packet truncated at any byte, and recovers at the next $', () => {
    const framed = framePacket('vCont;s:p1.1;c');
    for (let length = 0; length < framed.length; length++) {
      const reader = new PacketReader();
      assert.deepStrictEqual(reader.feed(framed.subarray(0, length)), [], `cut at ${length}`);
    }
    const reader = new PacketReader();
    reader.feed(latin1('$vCont;s'));
    assert.deepStrictEqual(reader.feed(framePacket('?')), [{ kind: 'packet', data: latin1('?') }]);
  });

  it('sees Ctrl-C between packets only', () => {
    const reader = new PacketReader();
    assert.deepStrictEqual(reader.feed(Uint8Array.of(3)), [{ kind: 'interrupt' }]);
    assert.deepStrictEqual(reader.feed(framePacket(Uint8Array.of(3))), [{ kind: 'packet', data: Uint8Array.of(3) }]);
  });

  it('reads hexadecimal strictly', () => {
    assert.deepStrictEqual(fromHex('00fF'), Uint8Array.of(0, 255));
    assert.strictEqual(fromHex('0'), undefined);
    assert.strictEqual(fromHex('zz'), undefined);
    assert.strictEqual(toHex(latin1(fromLatin1(Uint8Array.of(1, 254)))), '01fe');
  });
});
