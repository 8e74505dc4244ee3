// control-registers.ts: DR6 and DR7 as words.
//
// Takes the registers' text as the adapter sent it (0x…); knows no more than the bits.
// Truth: SDM vol. 3B, 18.2.3 (DR6), 18.2.4 (DR7).
//
//   DR6: 0–3 B0–B3 · 11 BLD · 13 BD · 14 BS · 15 BT · 16 RTM (BLD and RTM are active low)
//   DR7: 2n Ln, 2n+1 Gn · 8 LE · 9 GE · 11 RTM · 13 GD · 16+4n R/Wn (2 bits) · 18+4n LENn (2 bits)

import { counted, localised, type Translate } from './translate';

const REGISTERS = [0, 1, 2, 3] as const;

/** R/W field → what it traps; 2 is I/O, which only CR4.DE makes meaningful. */
const ACCESS_NAMES = [localised('execute'), localised('write'), localised('I/O'), localised('read or write')] as const;
/** LEN field → bytes; 2 is 8 bytes in 64-bit mode. */
const LENGTH_BYTES = [1, 2, 8, 4] as const;

export interface DecodedSlot {
  readonly index: number;
  readonly local: boolean;
  readonly global: boolean;
  readonly access: (typeof ACCESS_NAMES)[number];
  readonly lengthBytes: number;
}

/** The value of a register's text; undefined where the text is no number. */
export function registerValue(text: string): number | undefined {
  return /^0x[0-9a-f]{1,16}$/i.test(text) ? Number(BigInt(text) & 0xffff_ffffn) : undefined;
}

const bit = (value: number, index: number): boolean => ((value >>> index) & 1) === 1;

/** The four slots that DR7 describes, enabled or not. */
export function decodeDr7(value: number): readonly DecodedSlot[] {
  return REGISTERS.map((index) => ({
    index,
    local: bit(value, 2 * index),
    global: bit(value, 2 * index + 1),
    access: ACCESS_NAMES[(value >>> (16 + 4 * index)) & 3],
    lengthBytes: LENGTH_BYTES[(value >>> (18 + 4 * index)) & 3],
  }));
}

/** One line: "DR0 write 4 bytes, DR2 execute". */
export function summariseDr7(text: string, t: Translate): string {
  const value = registerValue(text);
  if (value === undefined) return t('not readable');
  const enabled = decodeDr7(value).filter((slot) => slot.local || slot.global);
  if (enabled.length === 0) return t('nothing enabled');
  return enabled.map((slot) => `DR${slot.index} ${slotPhrase(slot, t)}`).join(', ');
}

function slotPhrase(slot: DecodedSlot, t: Translate): string {
  const access = t(slot.access);
  if (slot.access === 'execute') return access;
  return `${access} ${counted(t, slot.lengthBytes, '1 byte', '{0} bytes')}`;
}

/** One line: "DR1 was hit, single step". */
export function summariseDr6(text: string, t: Translate): string {
  const value = registerValue(text);
  if (value === undefined) return t('not readable');
  const causes = [
    ...REGISTERS.filter((index) => bit(value, index)).map((index) => t('DR{0} was hit', index)),
    ...(bit(value, 13) ? [t('debug register access')] : []),
    ...(bit(value, 14) ? [t('single step')] : []),
    ...(bit(value, 15) ? [t('task switch')] : []),
  ];
  return causes.length === 0 ? t('no hit') : causes.join(', ');
}

/** Markdown: each bit of DR6 with its meaning. */
export function explainDr6(text: string, t: Translate): string {
  const value = registerValue(text);
  if (value === undefined) return `**DR6** \`${text}\``;
  const rows = [
    ...REGISTERS.map((index) =>
      bitRow(`B${index}`, String(index), value, index, t('the condition of DR{0} was met', index)),
    ),
    bitRow('BLD', '11', value, 11, t('bus lock (0 when it happened)')),
    bitRow('BD', '13', value, 13, t('a debug register was about to be accessed while DR7.GD was set')),
    bitRow('BS', '14', value, 14, t('single step')),
    bitRow('BT', '15', value, 15, t('task switch')),
    bitRow('RTM', '16', value, 16, t('transactional region (0 inside one)')),
  ];
  return table(`**DR6** \`${text}\`: ${t('debug status')}`, rows, t);
}

/** Markdown: each field of DR7 with its meaning. */
export function explainDr7(text: string, t: Translate): string {
  const value = registerValue(text);
  if (value === undefined) return `**DR7** \`${text}\``;
  const slots = decodeDr7(value).flatMap((slot) => {
    const at = slot.index;
    const on = slot.local || slot.global;
    return [
      `| L${at} G${at} | ${2 * at}, ${2 * at + 1} | ${flag(slot.local)} ${flag(slot.global)} | ${on ? t('enabled') : t('off')} |`,
      `| R/W${at} LEN${at} | ${16 + 4 * at}–${19 + 4 * at} | \`${((value >>> (16 + 4 * at)) & 15).toString(2).padStart(4, '0')}\` | ${slotPhrase(slot, t)} |`,
    ];
  });
  const rows = [
    ...slots,
    bitRow('LE', '8', value, 8, t('exact match, local')),
    bitRow('GE', '9', value, 9, t('exact match, global')),
    bitRow('RTM', '11', value, 11, t('debug transactional regions')),
    bitRow('GD', '13', value, 13, t('guard the debug registers')),
  ];
  return table(`**DR7** \`${text}\`: ${t('debug control')}`, rows, t);
}

const flag = (on: boolean): string => (on ? '1' : '0');

function bitRow(name: string, bits: string, value: number, index: number, meaning: string): string {
  return `| ${name} | ${bits} | ${flag(bit(value, index))} | ${meaning} |`;
}

function table(title: string, rows: readonly string[], t: Translate): string {
  const head = `| ${t('Field')} | ${t('Bits')} | ${t('Value')} | ${t('Meaning')} |`;
  return [title, '', head, '|---|---|---|---|', ...rows].join('\n');
}
