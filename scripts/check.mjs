// check.mjs: `npm run check`: format, lint, types, floors, and the unit tests that are quick. The static part and the tests run
// side by side; what each prints comes in one piece. Tests named *.long.test.ts (they compile programs, or ask the host's CPU)
// are left to `npm test`.
import { spawn } from 'node:child_process';

const STATIC = [['format:check'], ['types'], ['lint'], ['quirks', '--', '--check']];
const UNIT = ['test:unit', '--', '--reporter', 'dot', '--ignore', 'test/**/*.long.test.ts'];

/** Runs one npm script; prints what it said when it has ended; answers whether it succeeded. */
function run(script) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', ...script], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    child.on('error', (error) => (said += error.message));
    child.on('close', (code) => {
      process.stdout.write(code === 0 ? said : `${said}check: npm run ${script.join(' ')} failed\n`);
      resolve(code === 0);
    });
  });
}

async function runInTurn(scripts) {
  for (const script of scripts) if (!(await run(script))) return false;
  return true;
}

const results = await Promise.all([runInTurn(STATIC), run(UNIT)]);
process.exit(results.every(Boolean) ? 0 : 1);
