// show.ts: the tour's words and tables. The texts of the registers are those of the editor's view.

import type { DebugRegister, DebugRegisterMap } from '../../adapter/protocol/debug-register-map';
import { summariseDr6, summariseDr7 } from '../../extension/view/control-registers';
import { budgetText } from '../../extension/view/register-rows';
import { counted, english } from '../../extension/view/translate';
import { blue, bold, columns, cyan, dim, green, magenta, padEnd, padStart, red, yellow } from './paint';
import type { Hit } from './stops';

const say = (...lines: readonly string[]): void => {
  for (const line of lines) console.log(line);
};

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);

export function title(file: string, origin: string, cpus: number, debugRegisters: number): void {
  const machine = `an emulated machine of ${cpus} CPUs with ${debugRegisters} debug registers each`;
  say('', `${bold('Trapline')} ${dim('·')} who writes to these variables?`, '');
  say(
    ...indented(
      columns([
        [dim('program'), `${bold(file)}  ${dim(origin)}`],
        [dim('runs on'), machine],
      ]),
    ),
  );
}

export function watches(names: readonly string[], map: DebugRegisterMap): void {
  const registers = map.threads.at(0)?.registers ?? [];
  const rows = names.map((name) => {
    const register = registers.find(({ symbol }) => symbol === name);
    return [`DR${register?.index ?? '?'}`, cyan(bold(name)), lengthText(register), dim(register?.address ?? '')];
  });
  say('', `${bold('Watched')}, for any change by any thread`, '', ...indented(columns(rows)));
}

export function refused(name: string, message: string): void {
  say('', `  ${yellow('refused')}  ${cyan(bold(name))}`, ...wrap(message, 92).map((line) => `           ${dim(line)}`));
}

export function hitsTitle(): void {
  say('', `${bold('Writes')}, as they happen`, '');
}

/** One line; the widths suit the sample, so that lines can be written as they come. */
export function hit(count: number, { name, oldValue, newValue, thread, writer, place, code }: Hit): void {
  const change = `${padStart(red(oldValue), 5)} ${dim('→')} ${padEnd(green(newValue), 5)}`;
  const who = `${padEnd(magenta(thread.name), 5)} ${dim(String(thread.id))}`;
  say(
    `  ${dim(padStart(String(count), 2))}  ${padEnd(cyan(bold(name)), 15)} ${change}  ${who}  ` +
      `${padEnd(writer, 8)} ${padEnd(blue(place), 10)} ${code}`,
  );
}

/** What the adapter has to say besides. */
export function notice(text: string): void {
  const lines = text.trimEnd().split('\n');
  say(...lines.map((line) => `      ${yellow('·')} ${dim(line)}`));
}

export function output(text: string): void {
  if (text.trim() === '') return;
  say(
    '',
    bold('The program said'),
    '',
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => `  ${green('│')} ${line}`),
  );
}

export function registerTable(map: DebugRegisterMap): void {
  say('', `${bold('Debug registers')}, at the last write ${dim('(hits count writes of the same value too)')}`);
  for (const thread of map.threads) {
    say('', `  ${magenta(thread.name)} ${dim(`thread ${thread.id}`)}`);
    const rows = thread.registers.map(registerCells);
    say(...columns(rows).map((line) => `    ${line}`));
    for (const [name, text, meaning] of [
      ['DR6', thread.dr6, summariseDr6(thread.dr6, english)],
      ['DR7', thread.dr7, summariseDr7(thread.dr7, english)],
    ]) {
      say(`    ${name}  ${dim(text)}  ${meaning}`);
    }
  }
  say('', `  ${bold('slots')}  ${budgetText(map.slots, english)}, ${map.slots.free} free`);
}

function registerCells(register: DebugRegister): readonly string[] {
  const name = `DR${register.index}`;
  if (register.state === 'free') return [name, dim('free')];
  const hits = counted(english, register.hits ?? 0, '1 hit', '{0} hits');
  const change =
    register.oldValue === undefined || register.newValue === undefined
      ? ''
      : `${red(register.oldValue)} ${dim('→')} ${green(register.newValue)}`;
  return [
    name,
    cyan(bold(register.symbol ?? '')),
    dim(register.address ?? ''),
    lengthText(register),
    register.access ?? '',
    hits,
    change,
  ];
}

function lengthText(register: DebugRegister | undefined): string {
  return register?.lengthBytes === undefined ? '' : counted(english, register.lengthBytes, '1 byte', '{0} bytes');
}

export function end(count: number, exitCode: number): void {
  const code = exitCode === 0 ? green(String(exitCode)) : red(String(exitCode));
  say('', `${counted(english, count, '1 change', '{0} changes')} seen; the program exited with code ${code}.`, '');
}

/** Words in lines of at most `width` characters. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
