// time-errors.ts: why one cannot go back in time, or not there.

import type { RehearsalEnd } from '../../target/target';
import { UserError } from '../../util/user-error';
import type { Watch } from '../../watch/watch';

export function noPast(): UserError {
  return new UserError(
    'no-past',
    'This program cannot be run again with the same input, so it cannot be taken back: a gdb may be attached to it ' +
      '(`gdbserver`), or its input comes from outside. Launch it without `gdbserver` to go back in time.',
  );
}

export function pastIsOver(): UserError {
  return new UserError(
    'ended',
    'The program has ended, and its past with it. To go back from its end, set a function breakpoint on `_exit` ' +
      '(`break _exit` in the debug console), and start it again: it stops there, right before its end.',
  );
}

export function noEarlierHit(): UserError {
  return new UserError(
    'no-earlier-hit',
    'Nothing that is watched was hit before. Going back leads to the last hit of a data breakpoint that stops: set one on ' +
      'what was written, and go back then.',
  );
}

export function notWritten(watch: Watch): UserError {
  const { frame, ofThread } = watch.place ?? {};
  const whole = ofThread === undefined ? 'since the program began' : 'since its thread began';
  const since = frame === undefined ? whole : `since its call of ${frame.functionName} began`;
  const how = watch.wish.access === 'change' ? 'has not changed' : 'was not accessed so';
  return new UserError('no-earlier-hit', `\`${watch.label}\` ${how} before this moment ${since}.`);
}

export function notKept(watch: Watch, sequence: number): UserError {
  return new UserError(
    'not-kept',
    `Access ${sequence} of \`${watch.label}\` is not in its history (any more). Choose one that is.`,
  );
}

export function noEarlierLine(): UserError {
  return new UserError('no-earlier-line', 'No earlier line of this function or of its caller is known.');
}

export function onTheWay(): UserError {
  return new UserError('travelling', 'The program is on its way back in time. Wait for it, or cancel that first.');
}

export function differentRun(end: RehearsalEnd): UserError {
  if (end.kind === 'cancelled') return new UserError('cancelled', 'Cancelled: the program stands where it stood.');
  const why = end.kind === 'diverged' ? end.why : 'what was known of it did not happen';
  return new UserError(
    'different-run',
    `Run again, the program did not do what it did at first: ${why}. So nothing of it is shown, and it stands where it ` +
      'stood. Please report this.',
  );
}
