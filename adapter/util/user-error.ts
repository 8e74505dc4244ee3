// user-error.ts: what the person (or the file they gave us) got wrong.
//
// Each failure is made by a named factory beside the code that finds it, and its message says what failed, why,
// and what to do next. Shown as it is; never with a stack.

/** A mistake that the person can mend. `code` is stable, for tests and for the protocol's error id. */
export class UserError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'UserError';
  }
}
