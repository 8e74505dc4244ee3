// faults.ts: from the CPU's exceptions to Linux's signals.
//
// Truth: signal(7), sigaction(2) (si_code); arch/x86's behaviour as the real kernel shows it.

import type { Exit } from '../machine/machine';
import {
  BUS_ADRERR,
  FPE_FLTINV,
  FPE_INTDIV,
  ILL_ILLOPN,
  SEGV_ACCERR,
  SEGV_MAPERR,
  SI_KERNEL,
  Signal,
} from './abi/signals.table';
import type { SignalInfo } from './signal/signal-info';
import { hex } from '../util/hex';

const TRAP_PAGE_FAULT = 14;
/** Page fault error code: present, write, user, fetch. */
const ERROR_PRESENT = 1;
const ERROR_WRITE = 2;
const ERROR_USER = 4;
const ERROR_FETCH = 16;
/** Between the halves no address exists. */
const LOWER_HALF_END = 1n << 47n;
const UPPER_HALF_START = (1n << 64n) - (1n << 47n);

type PageFault = Extract<Exit, { readonly kind: 'pageFault' }>;
type CpuException = Extract<Exit, { readonly kind: 'exception' }>;

/** `mapped`: whether the kernel knows the address. */
export function pageFaultSignal(fault: PageFault, mapped: boolean): SignalInfo {
  const verb = { read: 'read', write: 'write', execute: 'execution' }[fault.access];
  const address = hex(fault.address);
  if (fault.address >= LOWER_HALF_END && fault.address < UPPER_HALF_START) {
    // Not canonical: #GP, for which Linux tells no address.
    return {
      signal: Signal.SIGSEGV,
      code: SI_KERNEL,
      origin: { kind: 'fault', address: 0n, trap: 13, errorCode: 0 },
      detail: `address ${address} cannot exist (${verb})`,
    };
  }
  const errorCode =
    ERROR_USER |
    (mapped ? ERROR_PRESENT : 0) |
    (fault.access === 'write' ? ERROR_WRITE : 0) |
    (fault.access === 'execute' ? ERROR_FETCH : 0);
  return {
    signal: Signal.SIGSEGV,
    code: mapped ? SEGV_ACCERR : SEGV_MAPERR,
    origin: { kind: 'fault', address: fault.address, trap: TRAP_PAGE_FAULT, errorCode },
    detail: mapped ? `address ${address} does not allow this (${verb})` : `address ${address} is not mapped (${verb})`,
  };
}

export function exceptionSignal(exception: CpuException, rip: bigint): SignalInfo {
  const fault = (signal: number, code: number, address: bigint): SignalInfo => ({
    signal,
    code,
    origin: { kind: 'fault', address, trap: exception.vector, errorCode: 0 },
    detail: exception.text,
  });
  switch (exception.vector) {
    case 0:
      return fault(Signal.SIGFPE, FPE_INTDIV, rip);
    case 4:
    case 5:
      return fault(Signal.SIGSEGV, SI_KERNEL, 0n);
    case 6:
      return fault(Signal.SIGILL, ILL_ILLOPN, rip);
    case 13:
      return fault(Signal.SIGSEGV, SI_KERNEL, 0n);
    case 16:
    case 19:
      return fault(Signal.SIGFPE, FPE_FLTINV, rip);
    case 17:
      return fault(Signal.SIGBUS, BUS_ADRERR, 0n);
  }
}

export function breakpointSignal(): SignalInfo {
  return {
    signal: Signal.SIGTRAP,
    code: SI_KERNEL,
    origin: { kind: 'fault', address: 0n, trap: 3, errorCode: 0 },
    detail: 'the program ran into int3',
  };
}
