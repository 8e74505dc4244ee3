// seed.ts: which cases the random tests try: the same in each run, so that a failure is the change's and comes again.
//
// TRAPLINE_SEED=N tries others, TRAPLINE_SEED=random others each time (a failure prints its seed). Loaded by .mocharc.json.

import fc from 'fast-check';

const USUAL_SEED = 20261130;

const wanted = process.env.TRAPLINE_SEED;
if (wanted !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted ?? USUAL_SEED) });
