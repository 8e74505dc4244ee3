// debugger-commands.test.ts: a watch as a command of perf and of gdb.

import * as assert from 'node:assert';
import { alignedPieces, gdbCommand, perfCommand } from '../../../extension/watch/debugger-commands';
import { counter } from './sample';

describe('a watch as the command of another tool', () => {
  it('records with perf, and counts where the watch does', () => {
    assert.strictEqual(perfCommand(counter, './a.out', ['x y']), "perf record -g -e mem:0x404050/4:w -- ./a.out 'x y'");
    assert.strictEqual(
      perfCommand({ ...counter, mode: 'count', access: 'read' }, './a.out', []),
      'perf stat -e mem:0x404050/4:rw -- ./a.out',
    );
  });

  it('splits for perf what no event can watch at once', () => {
    assert.strictEqual(
      perfCommand({ ...counter, address: '0x404052', lengthBytes: 12 }, './a', []),
      'perf record -g -e mem:0x404052/2:w,mem:0x404054/4:w,mem:0x404058/4:w,mem:0x40405c/2:w -- ./a',
    );
    assert.strictEqual(perfCommand({ ...counter, address: undefined }, './a', []), undefined);
  });

  it('gives perf the place where a real Linux has it, where the program may be loaded anywhere', () => {
    const inFile = (fileAddress: string) => perfCommand({ ...counter, fileAddress }, './a', []);
    assert.strictEqual(inFile('0x4050'), 'setarch -R perf record -g -e mem:0x555555558050/4:w -- ./a');
    assert.strictEqual(inFile('0x404050'), 'perf record -g -e mem:0x404050/4:w -- ./a');
  });

  it('covers each byte once, aligned', () => {
    for (let address = 0n; address < 16n; address++) {
      for (let length = 1; length <= 40; length++) {
        const pieces = alignedPieces(address, length);
        let at = address;
        for (const piece of pieces) {
          assert.strictEqual(piece.address, at);
          assert.strictEqual(piece.address % BigInt(piece.lengthBytes), 0n);
          at += BigInt(piece.lengthBytes);
        }
        assert.strictEqual(at, address + BigInt(length));
      }
    }
  });

  it('says it to gdb by expression or by address', () => {
    assert.strictEqual(gdbCommand(counter), 'watch -l counter');
    assert.strictEqual(
      gdbCommand({ ...counter, access: 'access', condition: 'total > 3', threads: { id: 1001 } }, 1000),
      'awatch -l counter if total > 3 thread 2',
    );
    assert.strictEqual(gdbCommand({ ...counter, condition: '$new > 3' }), 'watch -l counter');
    assert.strictEqual(gdbCommand({ ...counter, expression: undefined }), 'watch *(char (*)[4]) 0x404050');
    assert.strictEqual(gdbCommand({ ...counter, mode: 'count' }), 'watch -l counter\nignore $bpnum 2147483647');
  });

  it('writes to gdb what gdb calls otherwise', () => {
    const said = (expression: string) => gdbCommand({ ...counter, expression, lengthBytes: 8 });
    assert.strictEqual(said('main.c:counter'), "watch -l 'main.c'::counter");
    assert.strictEqual(said('Queue::head'), 'watch -l Queue::head');
    assert.strictEqual(said('&table[1] - &table[3]'), 'watch -l *(char (*)[8]) &table[1]');
    assert.strictEqual(said('&counter'), 'watch -l counter');
    assert.strictEqual(said('0x404050 + 8'), 'watch *(char (*)[8]) 0x404050');
  });
});
