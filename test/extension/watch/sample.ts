// sample.ts: an armed watch as the adapter tells it, to vary in tests.

import type { WatchView } from '../../../adapter/protocol/watches';

export const counter: WatchView = {
  id: 3,
  dataId: 'trapline:1;expr=counter;bytes=4;type=int;threads=all;access=change;mode=stop',
  label: 'counter',
  expression: 'counter',
  origin: 'view',
  state: 'armed',
  message: 'DR0 on every thread: 4 bytes at 0x404050, stops when the value changes. 1 of 4 slots used.',
  access: 'change',
  mode: 'stop',
  threads: 'all',
  address: '0x404050',
  lengthBytes: 4,
  typeName: 'int',
  slots: [0],
  isExtended: false,
  hits: 12,
  matches: 12,
  dropped: 0,
  value: '42',
  oldValue: '41',
  newValue: '42',
  lastWriter: {
    threadId: 1001,
    threadName: 'worker',
    function: 'count',
    path: '/src/watched.c',
    line: 16,
    instruction: '0x401136',
  },
};
