// lldb.table.ts: lldb's commands for what is there under gdb's names.
//
//     breakpoint set -n bump          break bump
//     w s v -w read_write total       awatch total
//     frame variable                  info locals
//
// By the text alone: none of these lines could be an expression, for two operands stand side by side.
// Truth: the LLDB manual, "GDB to LLDB command map".

type Translation = readonly [
  form: RegExp,
  gdb: string | ((found: Readonly<Partial<Record<string, string>>>) => string),
];

const BREAKPOINT = String.raw`^(?:breakpoint|br(?:eak)?)\s+`;
const WATCHPOINT = String.raw`^(?:watchpoint|w(?:atch)?)\s+`;
const SET = String.raw`(?:set|s)\s+`;
const NUMBERS = String.raw`(?<rest>[\d\s-]*)$`;
const ACCESS = String.raw`(?:(?:-w|--watch)\s+(?<access>read_write|read|write|modify)\s+)?`;
const WATCHES: Readonly<Partial<Record<string, string>>> = { read: 'rwatch', read_write: 'awatch' };
const UNITS: Readonly<Partial<Record<string, string>>> = { 1: 'char', 2: 'short', 4: 'int', 8: 'long' };

const watchWord = (access: string | undefined): string => WATCHES[access ?? ''] ?? 'watch';

const form = (...parts: readonly string[]): RegExp => new RegExp(parts.join(''), 's');

const TRANSLATIONS: readonly Translation[] = [
  [form(BREAKPOINT, SET, String.raw`(?:-n|--name)\s+(?<rest>\S+)$`), 'break'],
  [
    form(BREAKPOINT, SET, String.raw`(?:-f|--file)\s+(?<file>\S+)\s+(?:-l|--line)\s+(?<line>\d+)$`),
    ({ file = '', line = '' }) => `break ${file}:${line}`,
  ],
  [form(BREAKPOINT, SET, String.raw`(?:-l|--line)\s+(?<rest>\d+)$`), 'break'],
  [form(BREAKPOINT, SET, String.raw`(?:-a|--address)\s+(?<at>\S+)$`), ({ at = '' }) => `break *${at}`],
  [form(BREAKPOINT, String.raw`(?:list|l)(?:\s+|$)`, NUMBERS), 'info breakpoints'],
  [form(BREAKPOINT, String.raw`(?:delete|del)\s+`, NUMBERS), 'delete'],
  [form(BREAKPOINT, String.raw`(?:disable|dis)\s+`, NUMBERS), 'disable'],
  [form(BREAKPOINT, String.raw`(?:enable|en)\s+`, NUMBERS), 'enable'],
  [
    form(BREAKPOINT, String.raw`modify\s+(?:-c|--condition)\s+(?<quote>['"])(?<if>.*)\k<quote>\s+(?<id>\d+)$`),
    ({ if: condition = '', id = '' }) => `condition ${id} ${condition}`,
  ],
  [
    form(WATCHPOINT, SET, String.raw`(?:variable|v)\s+`, ACCESS, String.raw`(?<what>.+)$`),
    ({ access, what = '' }) => `${watchWord(access)} ${what}`,
  ],
  [
    form(
      ...[WATCHPOINT, SET, String.raw`(?:expression|e)\s+`, ACCESS],
      String.raw`(?:(?:-s|--size)\s+(?<size>[1248])\s+)?--\s+(?<at>.+)$`,
    ),
    ({ access, size = '8', at = '' }) => `${watchWord(access)} -l {${UNITS[size] ?? 'long'}} (${at})`,
  ],
  [form(WATCHPOINT, String.raw`(?:list|l)(?:\s+|$)`, NUMBERS), 'info watchpoints'],
  [form(WATCHPOINT, String.raw`(?:delete|del)(?:\s+|$)`, NUMBERS), 'delete'],
  [form(WATCHPOINT, String.raw`(?:disable|dis)(?:\s+|$)`, NUMBERS), 'disable'],
  [form(WATCHPOINT, String.raw`(?:enable|en)(?:\s+|$)`, NUMBERS), 'enable'],
  [
    form(WATCHPOINT, String.raw`modify\s+(?:-c|--condition)\s+(?<quote>['"])(?<if>.*)\k<quote>\s+(?<id>\d+)$`),
    ({ if: condition = '', id = '' }) => `condition ${id} ${condition}`,
  ],
  [
    form(WATCHPOINT, String.raw`ignore\s+(?:-i|--ignore-count)\s+(?<count>\d+)\s+(?<id>\d+)$`),
    ({ count = '', id = '' }) => `ignore ${id} ${count}`,
  ],
  [/^(?:frame|fr)\s+(?:variable|v)$/, 'info locals'],
  [/^(?:(?:frame|fr)\s+(?:variable|v)|v)\s+(?<rest>[\w*&(].*)$/s, 'print'],
  [/^(?:frame|fr|f)\s+(?:select|s)\s+(?<rest>\d+)$/, 'frame'],
  [/^(?:frame|fr)\s+(?:info|i)$/, 'info frame'],
  [/^(?:target|ta)\s+(?:variable|v)\s+(?<rest>\S+)$/, 'print'],
  [/^(?:thread|th)\s+(?:list|l)$/, 'info threads'],
  [/^(?:thread|th)\s+(?:backtrace|b)\s+all$/, 'thread apply all bt'],
  [/^(?:thread|th)\s+(?:backtrace|b)$/, 'bt'],
  [/^(?:thread|th)\s+(?:select|s)\s+(?<rest>\S+)$/, 'thread'],
  [/^(?:thread|th)\s+step-in$/, 'step'],
  [/^(?:thread|th)\s+step-over$/, 'next'],
  [/^(?:thread|th)\s+step-out$/, 'finish'],
  [/^(?:thread|th)\s+step-inst$/, 'stepi'],
  [/^(?:thread|th)\s+step-inst-over$/, 'nexti'],
  [/^(?:thread|th)\s+until\s+(?<rest>\d+)$/, 'until'],
  [/^(?:thread|th|process|pr)\s+(?:continue|c)$/, 'continue'],
  [/^(?:register|re)\s+(?:read|r)(?:\s+(?<rest>[\w\s$]+))?$/, 'info registers'],
  [
    /^(?:memory|me)\s+(?:read|r)\s+(?:(?:-s|--size)\s+(?<size>[1248])\s+)?(?:(?:-c|--count)\s+(?<count>\d+)\s+)?(?<at>[^\s-].*)$/s,
    ({ size = '1', count = '32', at = '' }) => `x/${count}x${{ 1: 'b', 2: 'h', 4: 'w', 8: 'g' }[size] ?? 'b'} ${at}`,
  ],
  [/^(?:expression|expr|ex|e|po)\s+(?:--\s+)?(?<rest>[\w*&(].*)$/s, 'print'],
  [/^(?:image|target modules)\s+list$/, 'info sharedlibrary'],
  [/^(?:image|target modules)\s+lookup\s+(?:-a|--address)\s+(?<rest>\S+)$/, 'info symbol'],
  [/^(?:image|target modules)\s+lookup\s+(?:-n|--name)\s+(?<rest>\S+)$/, 'info line'],
  [/^(?:source|so)\s+(?:list|l)$/, 'list'],
  [/^(?:source|so)\s+(?:list|l)\s+(?:-n|--name)\s+(?<rest>\S+)$/, 'list'],
];

/** The same line in gdb's words; undefined where it is none of lldb's. */
export function fromLldb(text: string): string | undefined {
  const line = text.trim().replace(/^-exec\s+/, '');
  for (const [pattern, gdb] of TRANSLATIONS) {
    const found = pattern.exec(line);
    if (found === null) continue;
    const groups: Readonly<Partial<Record<string, string>>> = found.groups ?? {};
    return typeof gdb === 'string' ? `${gdb} ${groups.rest ?? ''}`.trim() : gdb(groups);
  }
  return undefined;
}
