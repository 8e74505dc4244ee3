// mutation-check.mjs: plants one fault after another in the breakpoint layer and asks its tests to notice.
//
// node scripts/mutation-check.mjs [PART OF A NAME]   Not in CI: it takes minutes. Files are put back, whatever happens.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const LAYER = 'adapter/kernel/hw-breakpoint';
const PTRACE = 'adapter/kernel/clients/ptrace/ptrace-client.ts';
const KGDB = 'adapter/kernel/clients/kgdb/kgdb-breakpoints.ts';
const TESTS = ['test/kernel/{hw-breakpoint,perf,clients}/*.test.ts', 'test/wire/cli/vectors.test.ts'];

/** [what goes wrong, file, what is there, what is put there] */
const MUTATIONS = [
  ['one slot too many', `${LAYER}/slot-constraints.ts`, '+ 1 > this.slotsPerCpu', '> this.slotsPerCpu'],
  ['one slot too few', `${LAYER}/slot-constraints.ts`, '+ 1 > this.slotsPerCpu', '+ 2 > this.slotsPerCpu'],
  ['CPU-wide ones forgotten', `${LAYER}/slot-constraints.ts`, 'return wide + (this', 'return (this'],
  ['CPU-wide competes with nobody', `${LAYER}/slot-constraints.ts`, 'return wide + most', 'return wide'],
  [
    'sum instead of the most',
    `${LAYER}/slot-constraints.ts`,
    'most = Math.max(most, holding.at(cpu))',
    'most += holding.at(cpu)',
  ],
  [
    'only the first CPU asked',
    `${LAYER}/slot-constraints.ts`,
    'Array.from({ length: this.cpuCount }, (_, cpu) => cpu)',
    '[0]',
  ],
  [
    'bound to a CPU counts everywhere',
    `${LAYER}/slot-constraints.ts`,
    'if (cpu < 0) this.everywhere',
    'if (cpu < 9) this.everywhere',
  ],
  ['release forgets the account', `${LAYER}/slot-constraints.ts`, 'this.account(lease, -1)', 'void lease'],
  [
    'refusal keeps the slot',
    `${LAYER}/breakpoint-pmu.ts`,
    'this.constraints.release(reservation.lease);\n        return',
    'return',
  ],
  ['type 7 goes on to validation', `${LAYER}/breakpoint-pmu.ts`, ' || kind === BREAKPOINT_INVALID', ''],
  [
    'unaligned is fine',
    `${LAYER}/validation.ts`,
    "if ((address & (length - 1n)) !== 0n) return failure('EINVAL');",
    '',
  ],
  ['alignment before range lengths', `${LAYER}/validation.ts`, "spans ? 'EOPNOTSUPP' : 'EINVAL'", "'EINVAL'"],
  ['execute of any length', `${LAYER}/validation.ts`, ' || request.breakpointLength !== SIZEOF_LONG', ''],
  ['the kernel begins a byte later', `${LAYER}/validation.ts`, '0x7ffffffff000n', '0x7ffffffff001n'],
  [
    'kernel addresses for everybody',
    `${LAYER}/validation.ts`,
    "if (!privileges.sysAdmin) return failure('EPERM');",
    '',
  ],
  ['reads alone are writes', `${LAYER}/validation.ts`, 'generic === BREAKPOINT_WRITE', 'generic <= BREAKPOINT_WRITE'],
  ['length 8 and 4 swapped', `${LAYER}/breakpoint-info.ts`, '[1, 2, 8, 4]', '[1, 2, 4, 8]'],
  [
    'I/O breakpoints pass',
    `${LAYER}/breakpoint-info.ts`,
    'default:\n      return undefined',
    'default:\n      return { type: 2, length: 1n }',
  ],
  ['execute with a length passes', `${LAYER}/breakpoint-info.ts`, 'nibble >> 2 === 0 ?', 'nibble >> 2 >= 0 ?'],
  [
    'highest free register',
    `${LAYER}/breakpoint-pmu.ts`,
    'shadow.installed.indexOf(undefined)',
    'shadow.installed.lastIndexOf(undefined)',
  ],
  [
    'del leaves DR7',
    `${LAYER}/breakpoint-pmu.ts`,
    'shadow.dr7 &= ~((0xfn << dr7Shift(index)) | globalEnable(index));',
    '',
  ],
  ['counts twice', `${LAYER}/breakpoint-pmu.ts`, 'shadow.counted[index] = counted;', ''],
  [
    'restore forgets DR7',
    `${LAYER}/breakpoint-pmu.ts`,
    'debugRegisters.dr6 = DR6_IDLE;\n    debugRegisters.dr7 = shadow.dr7 | DR7_IDLE;\n    shadow',
    'shadow',
  ],
  [
    'modify without check',
    `${LAYER}/breakpoint-pmu.ts`,
    'this.change(event, wanted, privileges, true)',
    'this.change(event, wanted, privileges, false)',
  ],
  [
    'status is not wiped',
    `${LAYER}/debug-exception.ts`,
    'thread.virtualDr6 = dr6 & DR6_BS',
    'thread.virtualDr6 |= dr6 & DR6_BS',
  ],
  ['RF is not set', `${LAYER}/debug-exception.ts`, 'task.registers.rflags |= RFLAGS_RF', 'void RFLAGS_RF'],
  ['a step is told as a breakpoint', `${LAYER}/debug-exception.ts`, 'if ((dr6 & DR6_BS) !== 0n) return 2;', ''],
  [
    'the kernel is not filtered',
    `${LAYER}/debug-exception.ts`,
    ': event.attributes.excludeKernel) return false',
    ': false) return false',
  ],
  ['a bad DR7 is kept', PTRACE, 'if (errno === undefined) thread.ptraceDr7', 'thread.ptraceDr7'],
  ['a bad DR7 is not undone', PTRACE, 'if (errno !== undefined) this.applyDr7(task, thread, before);', ''],
  [
    'disabled registers keep their nibble when undone',
    PTRACE,
    'event.attributes.disabled) return dr7',
    'event.attributes.disabled && dr7 < 0n) return dr7',
  ],
  [
    'nibbles of disabled ones unchecked',
    PTRACE,
    "if (generic === undefined) return 'EINVAL'",
    "if (generic === undefined && disabled) continue;\n      if (generic === undefined) return 'EINVAL'",
  ],
  ['DR4 and DR5 accept', PTRACE, "if (register !== 7) return 'EIO'", 'if (register !== 7) return undefined'],
  [
    'a new address is armed at once',
    PTRACE,
    'breakpointAddress: address,\n      disabled: true',
    'breakpointAddress: address,\n      disabled: false',
  ],
  ['ptrace sees the kernel', PTRACE, 'excludeKernel: true, ', ''],
  ['DR6 shows the hardware register', PTRACE, '|= 1n << BigInt(index)', '|= 1n'],
  ['local enables do not arm', PTRACE, '(2 * index)) & 3n) === 0n', '(2 * index)) & 2n) === 0n'],
  ['the free slots of CPU 0', `${LAYER}/slot-constraints.ts`, 'Math.max(0, ...needs)', 'needs[0]'],
  ['more slots for ever', `${LAYER}/slot-constraints.ts`, 'this.slots += by', 'this.slots += Math.abs(by)'],
  [
    'a debugger reserves in the middle of a registration',
    `${LAYER}/slot-constraints.ts`,
    'this.busy ? undefined : this.reserve(scope, owner)',
    'this.reserve(scope, owner)',
  ],
  [
    'a debugger releases in the middle of a registration',
    `${LAYER}/slot-constraints.ts`,
    'if (this.busy) return false;',
    '',
  ],
  [
    'a step swallows data hits',
    `${LAYER}/debug-exception.ts`,
    'breakpoint.type === EXECUTE && (dr6 & DR6_BS) !== 0n',
    '(dr6 & DR6_BS) !== 0n',
  ],
  [
    'an execute hit comes with the step',
    `${LAYER}/debug-exception.ts`,
    'if (breakpoint.type === EXECUTE && (dr6 & DR6_BS) !== 0n) continue;',
    '',
  ],
  [
    'copies of the kernel are one access',
    `${LAYER}/debug-exception.ts`,
    'if (access.bytewise !== true)',
    'if (access.lengthBytes > 0)',
  ],
  [
    'DR6 is never cleared',
    `${LAYER}/debug-exception.ts`,
    'cpu.debugRegisters.dr6 = DR6_IDLE;\n    const thread',
    'const thread',
  ],
  [
    'a shared kgdb breakpoint goes with its first user',
    KGDB,
    'if (entry.tags.length === 1) return this.release(entry);',
    'return this.release(entry);',
  ],
  [
    'kgdb removes what is of another type',
    KGDB,
    'sameRequest(candidate.request, request) &&',
    'candidate.request.address === request.address &&',
  ],
  ['exec keeps DR7', PTRACE, 'thread.ptraceDr7 = 0n;', ''],
  ['fork clears the status', `${LAYER}/thread-debug-state.ts`, 'to.virtualDr6 = from.virtualDr6;', ''],
];

const config = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'mutation-')), 'mocharc.json');
fs.writeFileSync(config, '{"require": ["tsx/cjs"], "bail": true, "reporter": "dot", "timeout": 60000}');

/** True if some test fails. */
function testsNotice() {
  const run = spawnSync('npx', ['mocha', '--config', config, ...TESTS], { encoding: 'utf8', timeout: 300_000 });
  return run.status !== 0;
}

if (testsNotice()) {
  console.log('the tests fail without any fault; nothing can be learnt');
  process.exit(2);
}

const wanted = process.argv[2] ?? '';
const survivors = [];
for (const [name, file, before, after] of MUTATIONS.filter(([title]) => title.includes(wanted))) {
  const original = fs.readFileSync(file, 'utf8');
  if (!original.includes(before)) {
    survivors.push(`${name}: its place is gone from ${file}`);
    continue;
  }
  try {
    fs.writeFileSync(file, original.replace(before, after));
    const noticed = testsNotice();
    console.log(`${noticed ? 'caught ' : 'MISSED '} ${name}`);
    if (!noticed) survivors.push(name);
  } finally {
    fs.writeFileSync(file, original);
  }
}
console.log(survivors.length === 0 ? 'every fault was caught' : `not caught: ${survivors.join('; ')}`);
process.exit(survivors.length === 0 ? 0 : 1);
