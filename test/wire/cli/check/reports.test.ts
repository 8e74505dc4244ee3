// reports.test.ts: a check's reports for other programs: SARIF of the standard's shape, JUnit of Jenkins'.

import * as assert from 'node:assert';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import type { Log } from 'sarif';
import type { CheckEnd, CheckResult, Happening, LineResult } from '../../../../adapter/wire/cli/check/check-result';
import { exitCodeOf } from '../../../../adapter/wire/cli/check/check-result';
import { annotations } from '../../../../adapter/wire/cli/check/annotations';
import { junitXml } from '../../../../adapter/wire/cli/check/junit';
import { sarifJson } from '../../../../adapter/wire/cli/check/sarif';
import { parseWatchFile } from '../../../../adapter/watch/watch-file/parse-watch-file';
import { specOf } from '../../../../adapter/watch/watch-file/watch-spec';
import { watchLines } from '../../../../adapter/watch/watch-file/syntax';
import { sarifLog } from './sarif-shape';
import { readXml } from './xml';
import type { Element } from './xml';

const tool = {
  version: '1.2.3',
  commandLine: 'trapline check a.watch',
  startedAt: new Date(0),
  root: '/work',
  hash: (text: string): string => Buffer.from(text).toString('hex').slice(0, 8) || '0',
};

const happening = (more: Partial<Happening> = {}): Happening => ({
  ...{ label: 'x[2]', access: 'write', oldValue: '1', newValue: '2', threadId: 7, threadName: 'main' },
  stack: [
    { function: 'memcpy' },
    { function: 'fill', path: '/work/src/fill.c', line: 12, column: 3 },
    { function: 'main', path: '/usr/src/main.c', line: 40 },
  ],
  ...more,
});

function lineResult(text: string, file: string, more: Partial<LineResult> = {}): LineResult {
  const [line] = watchLines(parseWatchFile(text));
  const bound = { line, place: undefined };
  const spec = specOf(bound, false);
  assert.ok(spec !== undefined, text);
  const rest = { state: 'armed', message: '', hits: 0, matches: 0, isExtended: false, happenings: [] } as const;
  return { line: { file, bound, spec }, ...rest, ...more };
}

function checked(more: Partial<CheckResult> = {}): CheckResult {
  return {
    program: './a',
    args: ['one two'],
    directory: '/work/sub',
    files: [{ path: 'a.watch', mistakes: [] }],
    lines: [lineResult('never write x[2]', 'a.watch', { matches: 1, hits: 1, happenings: [happening()] })],
    end: { kind: 'exited', code: 0 },
    elapsedSeconds: 1.5,
    allowsUnbound: false,
    notes: [],
    ...more,
  };
}

const ajv = new Ajv({ allErrors: true });
addFormats(ajv);
const isSarif = ajv.compile(sarifLog);

function sarif(result: CheckResult): Log {
  const log: unknown = JSON.parse(sarifJson(result, tool, false));
  assert.ok(isSarif(log), JSON.stringify(isSarif.errors, undefined, 1));
  return log as Log;
}

describe('a check’s SARIF', () => {
  it('is what the standard and code scanning want, with places from the repository’s root', () => {
    const [run] = sarif(checked()).runs;
    const [result] = run.results ?? [];
    assert.deepStrictEqual(result.locations?.[0].physicalLocation, {
      artifactLocation: { uri: 'src/fill.c', uriBaseId: '%SRCROOT%' },
      region: { startLine: 12, startColumn: 3 },
    });
    assert.deepStrictEqual(result.relatedLocations?.[0].physicalLocation, {
      artifactLocation: { uri: 'sub/a.watch', uriBaseId: '%SRCROOT%' },
      region: { startLine: 1, startColumn: 1, endColumn: 17 },
    });
    assert.deepStrictEqual(run.originalUriBaseIds, { '%SRCROOT%': { uri: 'file:///work/' } });
    assert.match(
      result.message.text ?? '',
      /x\[2\]: 1 → 2, written by thread 7.* Watched in \[sub\/a\.watch:1\]\(1\)\.$/,
    );
    assert.strictEqual(run.automationDetails?.id, 'trapline check/sub/a.watch/');
    const flow = result.codeFlows?.[0].threadFlows[0].locations.map(({ location }) => location?.message?.text);
    assert.deepStrictEqual(flow, ['in main', 'in fill']);
  });

  it('tells a name that never came, unless it may stay away', () => {
    const line = lineResult('count write y', 'a.watch', { state: 'unbound', message: 'a has no variable `y`.' });
    const result = checked({ lines: [line] });
    assert.strictEqual(exitCodeOf(result, true), 2);
    const [{ results = [], invocations }] = sarif(result).runs;
    assert.deepStrictEqual(
      results.map(({ ruleId, message }) => [ruleId, message.text]),
      [['never-bound', 'count write y was never bound: a has no variable `y`.']],
    );
    assert.strictEqual(invocations?.[0].executionSuccessful, false);
    assert.match(junitXml(result, new Date(0)), /<error message="never bound: a has no variable `y`\."/);
    assert.match(
      annotations(result, '/work'),
      /^::error file=sub\/a\.watch,.*was never bound%3A misspelt\?::a has no/m,
    );
    const allowed = checked({ lines: [line], allowsUnbound: true });
    assert.strictEqual(exitCodeOf(allowed, false), 0);
    assert.deepStrictEqual(sarif(allowed).runs[0].results, []);
    assert.match(junitXml(allowed, new Date(0)), /<skipped message="never bound: /);
  });

  it('gives the same access the same identity in each run, and several of one run different ones', () => {
    const other = happening({ oldValue: '5', newValue: '6', threadId: 9 });
    const twice = checked({
      lines: [lineResult('never write x[2]', 'a.watch', { matches: 2, happenings: [happening(), other] })],
    });
    const marks = (result: CheckResult): (string | undefined)[] =>
      (sarif(result).runs[0].results ?? []).map(
        ({ partialFingerprints }) => partialFingerprints?.primaryLocationLineHash,
      );
    const [one, two] = marks(twice);
    assert.notStrictEqual(one, two);
    assert.deepStrictEqual(marks(checked()), [one]);
  });

  it('is of the standard’s shape, and JUnit of Jenkins’, whatever the texts hold', () => {
    const anyText = fc.string({ unit: 'grapheme', minLength: 1 });
    const path = fc.oneof(
      fc.constant(undefined),
      anyText.map((name) => `/work/${name.replaceAll('/', '')}x.c`),
    );
    const stack = fc.array(
      fc.record({ function: anyText, path, line: fc.integer({ min: 1, max: 9 }) }).map(({ path: file, ...at }) => ({
        function: at.function,
        ...(file === undefined ? {} : { path: file, line: at.line }),
      })),
    );
    const any = fc.record({
      label: anyText,
      access: fc.constantFrom('read' as const, 'write' as const),
      oldValue: fc.string({ unit: 'binary' }),
      newValue: fc.string({ unit: 'binary' }),
      threadId: fc.nat(),
      threadName: fc.string(),
      stack,
    });
    const end = fc.constantFrom<CheckEnd>(
      { kind: 'exited', code: 3 },
      { kind: 'killed', code: 139, signal: 'SIGSEGV (address 0x0)' },
      { kind: 'timeout', seconds: 2 },
      { kind: 'notRun' },
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 3 }), end, anyText, fc.string(), (happenings, how, file, text) => {
        const name = `${file}.watch`;
        const { mistakes } = parseWatchFile(text);
        const lines = [
          lineResult('never write x', name, { happenings, matches: happenings.length }),
          lineResult('never access *p when $new > 3', name, { state: 'unarmed', message: file }),
          lineResult('log write y "a {$new}"', name, { state: 'unarmed', message: '' }),
        ];
        const result = checked({ files: [{ path: name, mistakes }], lines, end: how, notes: [file] });
        sarif(result);
        mustBeJunit(readXml(junitXml(result, new Date(0))));
      }),
      { numRuns: 200 },
    );
  });
});

interface Rule {
  readonly attributes: readonly string[];
  readonly children: readonly string[];
}

/** Jenkins' junit-10.xsd: what each element may have, and how its children may follow. */
const JUNIT: Readonly<Partial<Record<string, Rule>>> = {
  testsuites: { attributes: ['name', 'time', 'tests', 'failures', 'disabled', 'errors'], children: ['testsuite'] },
  testsuite: {
    attributes: ['name', 'tests', 'failures', 'errors', 'time', 'skipped', 'timestamp', 'hostname', 'id', 'file'],
    children: ['properties', 'testcase', 'system-out', 'system-err'],
  },
  testcase: {
    attributes: ['name', 'assertions', 'time', 'classname', 'status'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  failure: { attributes: ['message', 'type'], children: [] },
  error: { attributes: ['message', 'type'], children: [] },
  skipped: { attributes: ['message', 'type'], children: [] },
  'system-out': { attributes: [], children: [] },
};

function mustBeJunit(element: Element): void {
  const { name, attributes, children } = element;
  const rule = JUNIT[name];
  assert.ok(rule !== undefined, name);
  for (const attribute of Object.keys(attributes))
    assert.ok(rule.attributes.includes(attribute), `${name} ${attribute}`);
  for (const child of children) {
    assert.ok(rule.children.includes(child.name), `${child.name} in ${name}`);
    mustBeJunit(child);
  }
  if (name === 'testcase') assert.ok(Object.hasOwn(attributes, 'name'));
  if (name !== 'testsuite') return;
  const cases = children.filter((child) => child.name === 'testcase');
  const having = (kind: string): number =>
    cases.filter((each) => each.children.some((child) => child.name === kind)).length;
  assert.strictEqual(Number(attributes.tests), cases.length);
  for (const [attribute, kind] of [
    ['failures', 'failure'],
    ['errors', 'error'],
    ['skipped', 'skipped'],
  ])
    assert.strictEqual(Number(attributes[attribute]), having(kind), attribute);
}

describe('a check’s annotations', () => {
  it('mark the lines of the sources and of the watch file, escaped as GitHub wants it', () => {
    const { mistakes } = parseWatchFile('\nnever write\n');
    const lines = [
      lineResult('never write x[2] when $new > 1, 2', 'a.watch', { happenings: [happening({ newValue: '50%\n' })] }),
      lineResult('never write y', 'a.watch', { state: 'unarmed', message: 'no slot: full' }),
    ];
    const told = annotations(checked({ files: [{ path: 'a.watch', mistakes }], lines }), '/work').split('\n');
    assert.deepStrictEqual(told, [
      '::error file=src/fill.c,line=12,col=3,title=never write x[2] when $new > 1%2C 2::' +
        'x[2]: 1 → 50%25%0A, written by thread 7 "main" in memcpy',
      '::error file=sub/a.watch,line=1,col=1,title=never write y was not armed::no slot: full',
      `::error file=sub/a.watch,line=2,col=12,title=watch-file.place-missing::${mistakes[0].message}`,
      '',
    ]);
  });
});

describe('a check’s JUnit', () => {
  it('has a case for each line, for the program, and for each mistake', () => {
    const { mistakes } = parseWatchFile('never write\nwatch frob x\n');
    const files = [{ path: 'a.watch', mistakes }];
    const root = readXml(junitXml(checked({ files, lines: [], end: { kind: 'notRun' } }), new Date(0)));
    mustBeJunit(root);
    const cases = root.children[0].children.map(({ attributes }) => attributes.name);
    assert.deepStrictEqual(cases, [
      'watch-file.place-missing (line 1)',
      'watch-file.unknown-access (line 2)',
      './a one two',
    ]);
    const [passed] = readXml(junitXml(checked(), new Date(0))).children[0].children;
    assert.match(passed.children[0].text, /called from main at \/usr\/src\/main\.c:40\nonce in all$/);
  });
});
