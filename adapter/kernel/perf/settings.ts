// settings.ts: what the administrator may set: /proc/sys/kernel/perf_….
//
// One for the kernel; everybody reads the fields as they are at that moment. `writeSetting` checks a new value.
//
// Absent on purpose: throttling. Linux throttles events whose PMU interrupts; of a breakpoint's hits, one at a time, it
// never drops one (tried on Linux 6.18: 50,000 hits, 50,000 samples, no THROTTLE record).
//
// Truth: Documentation/admin-guide/sysctl/kernel.rst, perf_event_paranoid and its neighbours.

import type { PerfErrno } from './result';

export interface PerfSettings {
  /** -1: everything is allowed; 2: without privilege only user mode of own tasks. */
  perf_event_paranoid: number;
  /** Highest sample_freq. */
  perf_event_max_sample_rate: number;
  /** Rings of so many KiB for each CPU and user, before RLIMIT_MEMLOCK counts. */
  perf_event_mlock_kb: number;
  /** Addresses in a call chain. */
  perf_event_max_stack: number;
  perf_event_max_contexts_per_stack: number;
  perf_cpu_time_max_percent: number;
}

export function defaultSettings(): PerfSettings {
  return {
    perf_event_paranoid: 2,
    perf_event_max_sample_rate: 100_000,
    perf_event_mlock_kb: 516,
    perf_event_max_stack: 127,
    perf_event_max_contexts_per_stack: 8,
    perf_cpu_time_max_percent: 25,
  };
}

interface Range {
  readonly low: number;
  readonly high: number;
}

const ANY: Range = { low: -0x8000_0000, high: 0x7fff_ffff };
const RANGES: Readonly<Record<keyof PerfSettings, Range>> = {
  perf_event_paranoid: ANY,
  perf_event_max_sample_rate: { low: 1, high: ANY.high },
  perf_event_mlock_kb: ANY,
  perf_event_max_stack: { low: 0, high: 640 * 1024 },
  perf_event_max_contexts_per_stack: { low: 0, high: 1000 },
  perf_cpu_time_max_percent: { low: 0, high: 100 },
};

export function isSetting(name: string): name is keyof PerfSettings {
  return Object.hasOwn(RANGES, name);
}

/** `text`: a decimal number, with white space around it. */
export function writeSetting(settings: PerfSettings, name: keyof PerfSettings, text: string): PerfErrno | undefined {
  const match = /^\s*(-?\d+)\s*$/.exec(text);
  if (match === null) return 'EINVAL';
  const value = Number(match[1]);
  const { low, high } = RANGES[name];
  if (value < low || value > high) return 'EINVAL';
  settings[name] = value;
  return undefined;
}
