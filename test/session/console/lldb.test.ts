import assert from 'node:assert/strict';
import { fromLldb } from '../../../adapter/session/console/lldb.table';

describe('a line of lldb’s', () => {
  const LINES: readonly (readonly [string, string])[] = [
    ['breakpoint set --name bump', 'break bump'],
    ['br s -n bump', 'break bump'],
    ['breakpoint set -f counter.c -l 17', 'break counter.c:17'],
    ['br s -a 0x401136', 'break *0x401136'],
    ['br l', 'info breakpoints'],
    ['breakpoint delete 2 3', 'delete 2 3'],
    ['breakpoint modify -c "counter > 41" 2', 'condition 2 counter > 41'],
    ['watchpoint set variable counter', 'watch counter'],
    ['w s v -w read cfg->flags', 'rwatch cfg->flags'],
    ['watchpoint set variable -w read_write total', 'awatch total'],
    ['watchpoint set expression -w write -s 4 -- &counter', 'watch -l {int} (&counter)'],
    ['w s e -- 0x404040', 'watch -l {long} (0x404040)'],
    ['watchpoint list', 'info watchpoints'],
    ['w del 2', 'delete 2'],
    ["watchpoint modify -c 'counter == 5' 2", 'condition 2 counter == 5'],
    ['watchpoint ignore -i 3 2', 'ignore 2 3'],
    ['frame variable', 'info locals'],
    ['fr v counter', 'print counter'],
    ['v *p', 'print *p'],
    ['frame select 2', 'frame 2'],
    ['thread list', 'info threads'],
    ['thread backtrace all', 'thread apply all bt'],
    ['thread step-over', 'next'],
    ['th s 2', 'thread 2'],
    ['process continue', 'continue'],
    ['register read rip rax', 'info registers rip rax'],
    ['register read', 'info registers'],
    ['memory read -s 4 -c 4 &table', 'x/4xw &table'],
    ['memory read 0x404040', 'x/32xb 0x404040'],
    ['expr -- counter + 1', 'print counter + 1'],
    ['po counter', 'print counter'],
    ['image list', 'info sharedlibrary'],
    ['image lookup -a 0x401136', 'info symbol 0x401136'],
    ['source list -n main', 'list main'],
  ];
  for (const [lldb, gdb] of LINES) {
    it(`\`${lldb}\` is \`${gdb}\``, () => {
      assert.equal(fromLldb(lldb), gdb);
    });
  }

  it('is none where it is gdb’s, or an expression', () => {
    const others = ['watch counter', 'w counter', 'break main', 'frame 2', 'thread 2', 'thread apply all bt', 'v = 3'];
    for (const line of [
      ...others,
      'e->next',
      'v',
      'e + 1',
      'p x',
      'b main',
      'watch set',
      'frame.variable',
      'info frame',
    ]) {
      assert.equal(fromLldb(line), undefined, line);
    }
  });
});
