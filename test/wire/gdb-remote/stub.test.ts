// stub.test.ts: the stub over a real program, with packets that no gdb would send.

import assert from 'node:assert/strict';
import { compile } from '../../e2e/support/compiled';
import { framePacket, latin1 } from '../../../adapter/wire/gdb-remote/packet';
import { StubBench } from './support/stub-bench';

/** One or more of each kind that the stub knows, with what can be wrong in them. */
const PACKETS = [
  ...['qSupported:multiprocess+;fork-events+', 'qXfer:auxv:read::0,1000', 'qXfer:features:read:target.xml:0,fff'],
  ...['qXfer:auxv:read::ffffffffff,1000', 'qXfer:threads:read::fffffffffffffffffff,fffffffffffffffffff'],
  ...['qSymbol:401000:6d61', 'qSymbol:zz:6d61', 'qGetTLSAddr:p3e8.3e8,10,0', 'qRcmd,736c6f7473', 'QPassSignals:e;zz'],
  ...['Hgp3e8.3e8', 'Tp3e8.ffffffffffff', 'qThreadExtraInfo,p3e8.3e8', 'G0102', 'p10', 'pzz', 'P10=00', 'P99=00'],
  ...['m401000,10', 'mfffffffffffffff0,ffffffffffffffffff', 'm1ffffffffffffffff0,8', 'M401000,2:01', 'Xffffffff,1:a'],
  ...['Z0,401000,1', 'Z1,401000,1', 'Z2,1ffffffffffffffff8,8', 'Z4,7fffffffe000,fffffffffff', 'Z9,1,1', 'z2,1,1'],
  ...['vFile:open:2f,0,0', 'vFile:pread:3,ffffffffffffff,ffffffffffff', 'vFile:fstat:3', 'vAttach;3e8', 'vNothing'],
];

describe('the stub of the remote protocol', () => {
  let program: string;
  before(() => {
    program = compile('counter', ['-g', '-O0']).program;
  });

  it('answers every packet cut off at each byte, and whatever is wrong in it', () => {
    const bench = new StubBench(program);
    for (const packet of PACKETS) {
      for (let length = packet.length; length > 0; length--) {
        const cut = packet.slice(0, length);
        assert.notEqual(bench.ask(cut), undefined, cut);
      }
    }
    assert.match(bench.ask('?') ?? '', /^T05/);
  });

  it('says what is wrong instead of doing half of it', () => {
    const bench = new StubBench(program);
    for (const wrong of [
      'qSymbol:zz:6d61',
      'Hgxyz',
      'mzz,1',
      'm10',
      'M0,1:01',
      'Z2,1,',
      'P10=00',
      'vCont;',
      'vCont;x',
      'cz',
    ]) {
      assert.match(bench.ask(wrong) ?? '', /^E/, wrong);
    }
    assert.match(bench.ask('?') ?? '', /^T05/);
  });

  it('objects end at their end, and beyond it there is nothing', () => {
    const bench = new StubBench(program);
    const whole = bench.ask('qXfer:features:read:target.xml:0,ffff') ?? '';
    assert.match(whole, /^l<\?xml/);
    const length = whole.length - 1;
    assert.equal(bench.ask(`qXfer:features:read:target.xml:${(length - 1).toString(16)},10`), 'l>');
    for (const offset of [length, length + 1, 0xffff_ffff]) {
      assert.equal(bench.ask(`qXfer:features:read:target.xml:${offset.toString(16)},10`), 'l');
    }
  });

  it('objects of a program that is not there are an error, not unknown', () => {
    const bench = new StubBench(program);
    bench.ask('!');
    assert.equal(bench.ask('vKill;3e8'), 'OK');
    assert.equal(bench.ask('qXfer:auxv:read::0,10'), 'E01');
    assert.equal(bench.ask('qXfer:siginfo:read::0,10'), 'E01');
    assert.equal(bench.ask('qXfer:btrace:read::0,10'), '');
    assert.match(bench.ask('qXfer:features:read:target.xml:0,10') ?? '', /^m</);
  });

  it('binary memory goes in and comes out, escaped bytes among it', () => {
    const bench = new StubBench(program);
    const at = stackPointer(bench) - 0x200n;
    const bytes = Uint8Array.of(0x23, 0x24, 0x7d, 0x2a, 0x03, 0x00, 0xff);
    bench.raw(framePacket(Uint8Array.from([...latin1(`X${at.toString(16)},7:`), ...bytes])));
    assert.deepEqual(bench.drain(), ['OK']);
    assert.equal(bench.ask(`m${at.toString(16)},7`), '23247d2a0300ff');
  });

  it('packets that come while the program runs wait for the stop, and Ctrl-C makes it', async () => {
    const bench = new StubBench(compile('spin', ['-g', '-O0']).program);
    assert.equal(bench.ask('vCont;c'), undefined);
    assert.equal(bench.ask('g'), undefined);
    assert.equal(bench.ask('vCont;s:0'), undefined);
    bench.raw(Uint8Array.of(3));
    assert.match(await bench.next(), /^T02/);
    assert.match(await bench.next(), /^[0-9a-f]{1000,}$/);
    assert.match(await bench.next(), /^T05/);
  });

  it('Ctrl-C that comes while the program stands stops it as soon as it goes on', async () => {
    const bench = new StubBench(compile('spin', ['-g', '-O0']).program);
    bench.raw(Uint8Array.of(3));
    bench.raw(framePacket('vCont;s:0'));
    assert.match(await bench.next(), /^T05/);
    bench.raw(framePacket('vCont;c'));
    assert.match(await bench.next(), /^T02/);
  });

  it('a flood of packets while the program runs is not kept, and Ctrl-C still stops it', async () => {
    const bench = new StubBench(compile('spin', ['-g', '-O0']).program);
    bench.ask('c');
    for (let count = 0; count < 1000; count++) bench.raw(framePacket('qC'));
    bench.raw(Uint8Array.of(3));
    assert.match(await bench.next(), /^T02/);
    const answers = bench.drain();
    assert.ok(answers.length > 0 && answers.length <= 64, `${answers.length} answers`);
    assert.match(bench.ask('qC') ?? '', /^QC/);
    bench.ask('k');
  });

  it('a gdb that goes away while the program runs leaves nothing in it, and the next one finds it running', async () => {
    const bench = new StubBench(compile('spin', ['-g', '-O0']).program);
    const at = stackPointer(bench);
    assert.equal(bench.ask(`Z2,${at.toString(16)},8`), 'OK');
    bench.ask('vCont;c');
    bench.stub.disconnected();
    bench.connect();
    assert.equal(await bench.next(), 'OK');
    assert.match(bench.ask('?') ?? '', /^T02/);
    assert.match(
      Buffer.from(bench.ask(`qRcmd,${Buffer.from('slots').toString('hex')}`) ?? '', 'hex').toString(),
      /0 of 4/,
    );
  });

  it('a program is started in what gdb says, until it takes that back', () => {
    const bench = new StubBench(program);
    const hex = (text: string): string => Buffer.from(text).toString('hex');
    const run = (): unknown => {
      assert.match(bench.ask('vRun;') ?? '', /^T05/);
      const { environment, directory } = bench.started.at(-1) ?? assert.fail('a program was started');
      return [...environment, directory];
    };
    assert.equal(bench.ask('!'), 'OK');
    assert.equal(bench.ask(`QEnvironmentHexEncoded:${hex('A=b=c')}`), 'OK');
    assert.equal(bench.ask(`QEnvironmentUnset:${hex('HOME')}`), 'OK');
    assert.equal(bench.ask(`QSetWorkingDir:${hex('/tmp')}`), 'OK');
    assert.deepEqual(run(), [['A', 'b=c'], ['HOME', null], '/tmp']);
    assert.equal(bench.ask('QEnvironmentReset'), 'OK');
    assert.equal(bench.ask('QSetWorkingDir:'), 'OK');
    assert.deepEqual(run(), [undefined]);
    for (const wrong of ['QEnvironmentHexEncoded:', 'QEnvironmentHexEncoded:6', 'QSetWorkingDir:x', 'vRun;z']) {
      assert.equal(bench.ask(wrong), 'E22', wrong);
    }
  });

  it('a call that is caught stops twice, and one that is undone at its entry is not made', async () => {
    const bench = new StubBench(compile('family', ['-g', '-O0']).program);
    const rax = (): bigint => Buffer.from(bench.ask('p0') ?? '', 'hex').readBigInt64LE();
    const originalRax = (): bigint => Buffer.from(bench.ask('p39') ?? '', 'hex').readBigInt64LE();
    const stopAfter = (packet: string): Promise<string> => {
      bench.raw(framePacket(packet));
      return bench.next();
    };
    assert.equal(bench.ask('QCatchSyscalls:1;3d'), 'OK');
    assert.match(await stopAfter('vCont;c'), /^T05syscall_entry:3d;/);
    assert.deepEqual([rax(), originalRax()], [-38n, 61n]);
    assert.match(await stopAfter('vCont;c'), /^T05syscall_return:3d;/);
    assert.deepEqual([rax() > 1000n, originalRax()], [true, 61n]);
    assert.match(await stopAfter('vCont;c'), /^T05syscall_entry:3d;/);
    assert.equal(bench.ask('P39=ffffffffffffffff'), 'OK');
    assert.match(await stopAfter('vCont;s'), /^T05(?!syscall)/);
    assert.equal(rax(), -38n);
    assert.equal(bench.ask('QCatchSyscalls:0'), 'OK');
    for (const wrong of ['QCatchSyscalls:', 'QCatchSyscalls:2', 'QCatchSyscalls:1;x'])
      assert.equal(bench.ask(wrong), 'E22');
  });

  it('without vCont, it is the thread that Hc names that steps, whichever is looked at', async () => {
    const bench = new StubBench(compile('relay', ['-g', '-O0', '-pthread']).program);
    assert.equal(bench.ask('QCatchSyscalls:1;1b3'), 'OK'); // clone3
    for (const when of ['entry', 'return']) {
      bench.raw(framePacket('c'));
      assert.match(await bench.next(), new RegExp(`^T05syscall_${when}:1b3`));
    }
    const [main, runner] = (bench.ask('qfThreadInfo') ?? '').slice(1).split(',');
    assert.deepEqual([bench.ask(`Hc${main}`), bench.ask(`Hg${runner}`)], ['OK', 'OK']);
    const stood = bench.ask('p10');
    bench.raw(framePacket('s'));
    assert.match(await bench.next(), new RegExp(`^T05.*thread:${main};`));
    assert.deepEqual([bench.ask(`Hg${runner}`), bench.ask('p10')], ['OK', stood]);
  });

  it('a program that ends while gdb steps it, and packets after its end', async () => {
    const bench = new StubBench(program);
    bench.ask('vCont;c');
    assert.match(await bench.next(), /^W/);
    for (const packet of ['g', 'm0,1', 'vCont;s', 'qfThreadInfo', 'Z2,0,8', 'z2,0,8', 'qXfer:auxv:read::0,10', 'D']) {
      assert.notEqual(bench.ask(packet), undefined, packet);
    }
    assert.match(bench.ask('?') ?? '', /^W/);
  });
});

function stackPointer(bench: StubBench): bigint {
  return Buffer.from(bench.ask('p7') ?? '', 'hex').readBigUInt64LE();
}
