// categories.ts: which instructions the comparison with the real CPU leaves out, and why.

import type { Encoding } from './encodings';

/** What user programs may not, or what depends on the machine, the kernel or the clock. */
const ENVIRONMENT: ReadonlySet<string> = new Set([
  ...['syscall', 'sysenter', 'sysexit', 'sysret', 'int', 'int3', 'icebp', 'iret', 'retf', 'callf', 'jmpf'],
  ...['cpuid', 'rdtsc', 'rdtscp', 'rdpmc', 'rdmsr', 'wrmsr', 'rdrand', 'rdseed', 'rdpid', 'xgetbv', 'xsetbv'],
  ...['in', 'out', 'ins', 'outs', 'hlt', 'cli', 'sti', 'clts', 'invd', 'wbinvd', 'wbnoinvd', 'rsm', 'getsec'],
  ...['sldt', 'str', 'lldt', 'ltr', 'verr', 'verw', 'lar', 'lsl', 'sgdt', 'sidt', 'lgdt', 'lidt', 'smsw', 'lmsw'],
  ...[
    'lss',
    'lfs',
    'lgs',
    'swapgs',
    'rdfsbase',
    'rdgsbase',
    'wrfsbase',
    'wrgsbase',
    'xbegin',
    'xabort',
    'xend',
    'xtest',
  ],
  ...['monitor', 'mwait', 'monitorx', 'mwaitx', 'clzero', 'enclu', 'encls', 'enclv', 'invlpg', 'invlpga', 'invpcid'],
  ...['vmcall', 'vmlaunch', 'vmresume', 'vmxoff', 'vmfunc', 'vmrun', 'vmmcall', 'vmload', 'vmsave', 'stgi', 'clgi'],
  ...['skinit', 'vmread', 'vmwrite', 'vmptrld', 'vmclear', 'vmxon', 'vmptrst', 'invept', 'invvpid', 'clac', 'stac'],
  ...['xsave', 'xrstor', 'xsaveopt', 'xsavec', 'xsaves', 'xrstors', 'ptwrite', 'tpause', 'umonitor', 'umwait'],
  ...['incssp', 'rdssp', 'saveprevssp', 'rstorssp', 'setssbsy', 'clrssbsy', 'wrss', 'wruss', 'rdpkru', 'wrpkru'],
  ...['clflush', 'clflushopt', 'clwb', 'prefetchwt1', '(3dnow)', 'femms', 'movdir64b', 'movdiri', 'fwait'],
]);

/** Exist on the real CPU; CPUID of the emulated one does not show them. */
const BEYOND: RegExp =
  /^(aes|sha|gf2p8|pclmul|adcx|adox|extrq|insertq|movnts[sd]|movbe|pcmp[ei]str|crc32|mpsadbw|dpp|phminpos)/;

/** Told as Quirks: approximations that differ between processors, and what is computed in double precision. */
const APPROXIMATE: ReadonlySet<string> = new Set([
  ...['rcpps', 'rcpss', 'rsqrtps', 'rsqrtss'],
  ...['f2xm1', 'fsin', 'fcos', 'fsincos', 'fptan', 'fpatan', 'fyl2x', 'fyl2xp1'],
]);

export type Category = 'integer' | 'sse' | 'x87';

/** Also to be asked of what was decoded: a prefix may have made another instruction of it. */
export function isComparable(mnemonic: string): boolean {
  return !ENVIRONMENT.has(mnemonic) && !APPROXIMATE.has(mnemonic) && !BEYOND.test(mnemonic);
}

/** Undefined: not compared. */
export function categoryOf({ entry, escape, opcode }: Encoding): Category | undefined {
  const [name] = entry.names;
  if (!isComparable(name)) return undefined;
  if (name === 'mov' && (opcode === 0x8e || escape.length > 0)) return undefined; // segment, control, debug registers
  if ((name === 'push' || name === 'pop') && escape.length > 0) return undefined; // fs, gs
  if (escape.length === 0 && opcode >= 0xd8 && opcode <= 0xdf) return 'x87';
  const operands = entry.operandText;
  if (/[PQN]/.test(operands)) return undefined; // MMX
  if (name === 'emms' || name === 'movq2dq' || name === 'movdq2q') return undefined;
  return /[VUW]|fx|mxcsr/.test(operands + name) ? 'sse' : 'integer';
}
