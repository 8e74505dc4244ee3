// services.ts: semantics that are not worth WebAssembly, in JavaScript.
//
// An emitter spills the registers (`spillRegisters`), pushes a service's number and an argument, calls the helper
// `service`, and reloads the registers. A service sees the state area only.

/** (the WebAssembly memory, argument ≥ 0) → i32 */
export type Service = (memory: DataView, argument: number) => number;

const SERVICES: Service[] = [];

/** Called while modules load; the number goes into translated code. */
export function registerService(service: Service): number {
  return SERVICES.push(service) - 1;
}

export function callService(memory: DataView, number: number, argument: number): number {
  // WebAssembly hands an i32 over with its sign; what lies behind 2 GiB is unsigned.
  return SERVICES[number](memory, argument >>> 0);
}
