// junit.ts: what a check has found as JUnit XML: a suite for each file, a case for each line.
//
// Of the dialects the one that Jenkins, GitLab, GitHub's reporters and Azure read alike: testsuites > testsuite >
// testcase with failure, error or skipped.
// Truth: Jenkins' xunit plugin, junit-10.xsd.

import type { Mistake } from '../../../watch/watch-file/syntax';
import type { CheckResult, LineResult } from './check-result';
import { callersOf, changeText, lineNumberOf, placeText, titleOfLine, writerText } from './check-result';

export function junitXml(result: CheckResult, startedAt: Date): string {
  const suites = result.files.map(({ path }) => suite(path, result, startedAt));
  const total = (key: 'tests' | 'failures' | 'errors'): number => suites.reduce((sum, each) => sum + each[key], 0);
  const attributes =
    `name="trapline check" tests="${total('tests')}" failures="${total('failures')}" ` +
    `errors="${total('errors')}" time="${seconds(result.elapsedSeconds)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${attributes}>\n${suites.map(({ xml }) => xml).join('')}</testsuites>\n`;
}

interface Suite {
  readonly xml: string;
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
}

function suite(path: string, result: CheckResult, startedAt: Date): Suite {
  const lines = result.lines.filter(({ line }) => line.file === path);
  const mistakes = result.files.find((file) => file.path === path)?.mistakes ?? [];
  const cases = [
    ...mistakes.filter(({ severity }) => severity === 'error').map((mistake) => mistakeCase(path, mistake)),
    ...lines.map((line) => testCase(line, result)),
  ];
  // A timeout, or a deadly signal, is nobody's line: the program has a case of its own.
  cases.push(programCase(path, result));
  const count = (kind: CaseKind): number => cases.filter((each) => each.kind === kind).length;
  const [failures, errors, skipped] = [count('failure'), count('error'), count('skipped')];
  const attributes =
    `name="${escape(path)}" tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skipped}" ` +
    `time="${seconds(result.elapsedSeconds)}" timestamp="${startedAt.toISOString().slice(0, 19)}" file="${escape(path)}"`;
  const xml = `  <testsuite ${attributes}>\n${cases.map((each) => each.xml).join('')}  </testsuite>\n`;
  return { xml, tests: cases.length, failures, errors };
}

type CaseKind = 'passed' | 'failure' | 'error' | 'skipped';

interface Case {
  readonly kind: CaseKind;
  readonly xml: string;
}

function testCase(line: LineResult, result: CheckResult): Case {
  const name = `${titleOfLine(line)} (line ${lineNumberOf(line)})`;
  const isNever = line.line.bound.line.verb === 'never';
  if (line.state === 'unbound') {
    const kind = result.allowsUnbound ? 'skipped' : 'error';
    return xmlCase(line.line.file, name, kind, `never bound: ${line.message}`, '');
  }
  if (line.state === 'unarmed') {
    const kind = isNever ? 'error' : 'skipped';
    return xmlCase(line.line.file, name, kind, `not armed: ${line.message}`, '');
  }
  const first = line.happenings.at(0);
  if (first === undefined) return xmlCase(line.line.file, name, 'passed', '', `${line.hits} hits`);
  const message = `${changeText(first)}, ${writerText(first, result.directory)}`;
  const detail = line.happenings
    .flatMap((happening) => [
      `${changeText(happening)}, ${writerText(happening, result.directory)}`,
      ...callersOf(happening).map((at) => `    called from ${at.function}${placeText(at, result.directory, ' at ')}`),
    ])
    .join('\n');
  return xmlCase(
    line.line.file,
    name,
    'failure',
    message,
    `${detail}\n${line.matches === 1 ? 'once' : `${line.matches} times`} in all`,
  );
}

function mistakeCase(path: string, { span, code, message }: Mistake): Case {
  const where = `${path}:${span.line + 1}:${span.start + 1}`;
  return xmlCase(path, `${code} (line ${span.line + 1})`, 'error', message, where);
}

function programCase(path: string, { end, program, args }: CheckResult): Case {
  const name = [program, ...args].join(' ');
  if (end.kind === 'timeout') return xmlCase(path, name, 'error', `ran longer than ${end.seconds} s`, '');
  if (end.kind === 'notRun') return xmlCase(path, name, 'error', 'not run: the watch file has mistakes', '');
  if (end.kind === 'killed') return xmlCase(path, name, 'error', `killed by ${end.signal}`, '');
  if (end.code !== 0) return xmlCase(path, name, 'failure', `exit code ${end.code}`, '');
  return xmlCase(path, name, 'passed', '', 'exit code 0');
}

function xmlCase(suiteName: string, name: string, kind: CaseKind, message: string, detail: string): Case {
  const attributes = `classname="${escape(suiteName)}" name="${escape(name)}" time="0"`;
  if (kind === 'passed') {
    const inner = `\n      <system-out>${escape(detail)}</system-out>\n    `;
    return { kind, xml: `    <testcase ${attributes}>${inner}</testcase>\n` };
  }
  const type = kind === 'skipped' ? '' : ` type="${kind === 'error' ? 'not-checked' : 'never-happened'}"`;
  const inner = `<${kind} message="${escape(message)}"${type}>${escape(detail)}</${kind}>`;
  return { kind, xml: `    <testcase ${attributes}>\n      ${inner}\n    </testcase>\n` };
}

const seconds = (value: number): string => value.toFixed(3);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};

// eslint-disable-next-line no-control-regex -- control characters are what must not get through
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu;

/** For text and attributes; characters that XML 1.0 has not become U+FFFD. */
const escape = (text: string): string =>
  text.replace(NOT_XML, '\ufffd').replace(/[&<>"\n]/g, (character) => ENTITIES[character] ?? character);
