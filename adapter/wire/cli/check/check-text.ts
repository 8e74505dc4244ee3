// check-text.ts: what a check has found, for people: compilers' shape first, then what was counted.

import type { Mistake } from '../../../watch/watch-file/syntax';
import type { Paint } from '../paint';
import type { CheckResult, Happening, LineResult } from './check-result';
import {
  callersOf,
  changeText,
  happened,
  lineNumberOf,
  placeText,
  titleOfLine,
  unbound,
  unguarded,
  writerText,
} from './check-result';

/** Frames that are shown below a happening. */
const FRAMES = 8;

/** `races.watch:5:13: error: …`, as compilers write it. */
export function mistakeText(path: string, { severity, span, message }: Mistake, paint: Paint): string {
  const colour = severity === 'error' ? paint.red : severity === 'warning' ? paint.yellow : paint.cyan;
  return `${path}:${span.line + 1}:${span.start + 1}: ${colour(severity)}: ${message}\n`;
}

export interface TextStyle {
  readonly paint: Paint;
  /** Only what is wrong. */
  readonly quiet: boolean;
  /** The program's own exit code does not count. */
  readonly ignoreExitCode: boolean;
}

export function checkText(result: CheckResult, style: TextStyle): string {
  const { paint, quiet } = style;
  const shown = quiet ? result.lines.filter((line) => isWrong(line)) : result.lines;
  const notes = quiet ? [] : result.notes.map((note) => `trapline: ${note}\n`);
  const end = result.end.kind === 'exited' || quiet ? [] : [endText(result)];
  return [...notes, ...shown.map((line) => lineText(line, result, paint)), ...end, verdict(result, style)].join('');
}

const isWrong = ({ line, state, happenings }: LineResult): boolean =>
  happenings.length > 0 || state === 'unbound' || (state === 'unarmed' && line.bound.line.verb === 'never');

function lineText(line: LineResult, result: CheckResult, paint: Paint): string {
  const where = `${line.line.file}:${lineNumberOf(line)}: ${titleOfLine(line)}`;
  const extended = line.isExtended ? ' (emulated slot)' : '';
  if (line.state === 'unbound') {
    const [colour, how] = result.allowsUnbound ? [paint.yellow, ''] : [paint.red, ': misspelt?'];
    return `${where}: ${colour('never bound')}${how} ${line.message}\n`;
  }
  if (line.state === 'unarmed') return `${where}: ${paint.yellow('not armed')}: ${line.message}\n`;
  if (line.happenings.length === 0) return `${where}: ${countText(line)}${extended}\n`;
  const head = `${where}: ${paint.red('happened')}, ${timesText(line.matches)}${extended}\n`;
  return `${head}${line.happenings.map((happening) => happeningText(happening, result.directory, paint)).join('')}${restText(line)}`;
}

function countText({ line, hits, matches }: LineResult): string {
  if (line.bound.line.verb === 'never') return hits === 0 ? 'never happened' : `never happened (of ${hitsText(hits)})`;
  const of = matches === hits ? '' : `, ${matches} where it held`;
  return hits === 0 ? 'armed, 0 hits' : `${hitsText(hits)}${of}`;
}

const hitsText = (count: number): string => (count === 1 ? '1 hit' : `${count} hits`);
const timesText = (count: number): string => (count === 1 ? 'once' : `${count} times`);

function restText({ matches, happenings }: LineResult): string {
  const rest = matches - happenings.length;
  return rest <= 0 ? '' : `    … and ${timesText(rest)} more\n`;
}

function happeningText(happening: Happening, directory: string, paint: Paint): string {
  const frames = callersOf(happening)
    .slice(0, FRAMES)
    .map((frame) => paint.dim(`      called from ${frame.function}${placeText(frame, directory, ' at ')}\n`));
  return `    ${paint.bold(changeText(happening))}\n      ${writerText(happening, directory)}\n${frames.join('')}`;
}

function endText({ end, program }: CheckResult): string {
  if (end.kind === 'timeout')
    return `trapline: ${program} ran longer than ${end.seconds} s and was ended (--timeout).\n`;
  return end.kind === 'killed' ? `trapline: ${program} was killed by ${end.signal}.\n` : '';
}

function verdict(result: CheckResult, { paint, ignoreExitCode }: TextStyle): string {
  const nevers = result.lines.filter(({ line }) => line.bound.line.verb === 'never').length;
  const bad = happened(result).length;
  const blind = unguarded(result).length;
  if (bad > 0) return `${paint.red('check failed')}: ${bad} of ${nevers} "never" happened.\n`;
  if (blind > 0)
    return `${paint.red('check failed')}: ${blind} of ${nevers} "never" ${blind === 1 ? 'was' : 'were'} not armed.\n`;
  const unnamed = unbound(result).length;
  if (unnamed > 0) {
    const [names, they] = unnamed === 1 ? ['1 line names', 'it is'] : [`${unnamed} lines name`, 'they are'];
    return (
      `${paint.red('check failed')}: ${names} what nothing that was loaded has. If ${they} of a library that this run ` +
      'does not load: --allow-unbound.\n'
    );
  }
  if (result.end.kind === 'timeout') return `${paint.red('check failed')}: timeout.\n`;
  if (result.end.kind === 'notRun') return '';
  const { end } = result;
  const none = nevers === 0 ? 'no "never" in the files' : `none of ${nevers} "never" happened`;
  if (end.code === 0) return `${paint.green('check passed')}: ${none}.\n`;
  const how = end.kind === 'killed' ? `the program was killed by ${end.signal}` : `the program exited with ${end.code}`;
  if (ignoreExitCode) return `${paint.green('check passed')}: ${none}; ${how}, which does not count.\n`;
  return `${paint.red('check failed')}: ${how}; ${none}.\n`;
}
