// vector-server.ts: one operation line in, one answer line out: the recording server, on our own layer.

import { Bench } from './bench';
import { EVENT_OPERATIONS } from './event-operations';
import { WORKER_OPERATIONS } from './worker-operations';

const OPERATIONS = { ...WORKER_OPERATIONS, ...EVENT_OPERATIONS };

export class VectorServer {
  private readonly bench = new Bench();

  execute(line: string): string {
    const [name, ...words] = line.trim().split(/\s+/);
    if (!Object.hasOwn(OPERATIONS, name)) return 'err=badop';
    this.bench.tick();
    const answer = OPERATIONS[name](this.bench, words);
    this.bench.deliver(this.bench.layer.takeSignals());
    return answer;
  }
}

export interface Vector {
  readonly id: number | string;
  readonly theme: string;
  readonly ops: readonly string[];
  readonly out: readonly string[];
}

/** The first answer that differs. */
export interface Difference {
  readonly vector: Vector;
  readonly position: number;
  readonly got: string;
}

/** A bug of ours is a wrong answer, and no reason to leave the other vectors untried. */
function executeOrCrash(server: VectorServer, line: string): string {
  try {
    return server.execute(line);
  } catch (error) {
    return `crashed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Runs a vector in a fresh server; undefined: every line equal. */
export function runVector(vector: Vector): Difference | undefined {
  const server = new VectorServer();
  for (const [position, line] of vector.ops.entries()) {
    const got = executeOrCrash(server, line);
    if (got !== vector.out[position]) return { vector, position, got };
  }
  return undefined;
}
