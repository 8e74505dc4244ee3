// stages.mjs: runs the parts of `npm test` one after the other, and counts what passed and what failed.
//
// A part that only succeeds or fails (format, lint, …) counts as one test. A part whose count cannot be read, or that
// ends badly without a failed test, counts as one failure: nothing is lost in silence.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';

/** @typedef {{ passed: number, failed: number }} Count */

export class Stages {
  passed = 0;
  failed = 0;
  times = [];

  /** `count` reads the output of the command, and may answer undefined. */
  async run(name, command, args, { count = asOneTest, env = {}, timeoutMs = 600_000 } = {}) {
    console.log(`\n━━ ${name} ${'━'.repeat(Math.max(0, 76 - name.length))}`);
    const begin = performance.now();
    const { code, output } = await execute(command, args, env, timeoutMs);
    const seconds = (performance.now() - begin) / 1000;
    const counted = count(output, code) ?? { passed: 0, failed: 1 };
    const result = code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
    this.passed += result.passed;
    this.failed += result.failed;
    this.times.push([name, seconds, result]);
    console.log(`── ${name}: ${result.passed} passed, ${result.failed} failed, ${seconds.toFixed(1)} s`);
    return code === 0;
  }

  /** The table of times, and the last line that others read. */
  report() {
    console.log('');
    for (const [name, seconds, { passed, failed }] of this.times) {
      const cells = [name.padEnd(34), `${seconds.toFixed(1).padStart(7)} s`, `${String(passed).padStart(6)} passed`];
      console.log(`${cells.join('  ')}  ${String(failed).padStart(4)} failed`);
    }
    console.log(`\n${this.passed} passed, ${this.failed} failed`);
  }
}

const asOneTest = (_output, code) => (code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

/** Mocha's last lines: "12 passing", "1 failing". */
export function mochaCount(output) {
  const number = (word) => Number(new RegExp(`^\\s*(\\d+) ${word}`, 'm').exec(output)?.[1] ?? 0);
  const passed = number('passing');
  const failed = number('failing') + number('pending');
  return passed + failed === 0 ? undefined : { passed, failed };
}

/** Playwright's JSON report. A flaky or skipped test is no passed test. */
export function playwrightCount(file) {
  const report = path.join(root, file);
  fs.rmSync(report, { force: true });
  return () => {
    if (!fs.existsSync(report)) return undefined;
    const { expected, unexpected, flaky, skipped } = JSON.parse(fs.readFileSync(report, 'utf8')).stats;
    return { passed: expected, failed: unexpected + flaky + skipped };
  };
}

/** Shows the output as it comes, and keeps it. */
function execute(command, args, env, timeoutMs) {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] };
    const child = spawn(command, args, { ...options, detached: true });
    let output = '';
    const timer = setTimeout(() => {
      console.error(`stopped: it took longer than ${timeoutMs / 1000} s`);
      endGroup(child.pid);
    }, timeoutMs);
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      from.on('data', (chunk) => {
        output += chunk;
        to.write(chunk);
      });
    }
    child.on('error', (error) => {
      clearTimeout(timer);
      console.error(error.message);
      resolve({ code: 1, output });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** The child leads a process group of its own. */
function endGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
