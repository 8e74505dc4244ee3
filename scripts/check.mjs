// The fast part: format, lint, types, floors and unit tests. Stops at the first failure.
import { execFileSync } from 'node:child_process';

for (const args of [
  ['run', '--silent', 'format:check'],
  ['run', '--silent', 'lint'],
  ['run', '--silent', 'types'],
  ['run', '--silent', 'quirks', '--', '--check'],
  ['run', '--silent', 'test:unit', '--', '--reporter', 'dot'],
]) {
  try {
    execFileSync('npm', args, { stdio: 'inherit' });
  } catch {
    console.error(`check: npm ${args.join(' ')} failed`);
    process.exit(1);
  }
}
