// register-name.ts: what people call a debug register that holds a breakpoint.

/** DR0–DR3 of x86. */
export const HARDWARE_REGISTERS = 4;

/**
 * `DR0` … `DR3`; from 4 up `EDR4` …: emulated, for no processor has them. DR4 to DR7 would be wrong: x86's DR6 and DR7
 * are status and control, and DR4 and DR5 other names of those.
 */
export function registerName(index: number): string {
  return `${index < HARDWARE_REGISTERS ? '' : 'E'}DR${index}`;
}
