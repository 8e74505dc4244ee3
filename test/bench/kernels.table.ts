// kernels.table.ts: the kernels of the benchmark, with rounds that keep a CPU busy for about 0.1 s natively.

export interface KernelChoice {
  readonly name: string;
  readonly rounds: number;
}

export const KERNELS: readonly KernelChoice[] = [
  { name: 'sort', rounds: 100 },
  { name: 'sieve', rounds: 180 },
  { name: 'matrix', rounds: 300 },
  { name: 'crc', rounds: 800 },
  { name: 'fib', rounds: 120 },
  { name: 'hash', rounds: 1500 },
  { name: 'interpreter', rounds: 12000 },
  { name: 'list', rounds: 2000 },
  { name: 'queens', rounds: 6000 },
  { name: 'text', rounds: 600 },
  { name: 'callback', rounds: 750 },
  { name: 'tree', rounds: 440 },
  { name: 'floats', rounds: 350 },
  { name: 'strings', rounds: 180_000 },
  { name: 'divide', rounds: 1_000_000 },
  { name: 'machine', rounds: 20_000 },
  { name: 'life', rounds: 2600 },
  { name: 'compress', rounds: 9000 },
];

export const OPTIMISATIONS = ['-O0', '-O1', '-O2'] as const;
