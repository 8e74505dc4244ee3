// emulated-address-space.ts: memory, translated code and CPU of one process, put together.

import { Cpu, type Enter } from './cpu';
import type { DebugRegisters } from './debug-registers';
import { GuestMemory } from './guest-memory';
import { encodeHelperModule, HELPER_FUNCTIONS } from './helpers/helper-module';
import type { Access, AddressSpace, MachineOptions, Permissions, RegisterFile, RunOptions, RunResult } from './machine';
import { RegionCache } from './region-cache';
import { HELPERS } from './translate/helper-imports';
import { LiveRegisters } from './registers';
import { callService } from './translate/services';
import type { TranslationStore } from './translate/translation-store';
import { TestFunctions } from './judge/test-functions';
import { WatchConditions, type Judge } from './watch-conditions';

const FIRST_TABLE_SLOTS = 1024;

let helperModule: WebAssembly.Module | undefined;

/** The helpers are the same for all address spaces: compiled once. */
function helpers(): WebAssembly.Module {
  helperModule ??= new WebAssembly.Module(encodeHelperModule().buffer as ArrayBuffer);
  return helperModule;
}

export class EmulatedAddressSpace implements AddressSpace {
  private readonly memory: GuestMemory;
  private readonly regions: RegionCache;
  private readonly cpu: Cpu;
  private readonly watches: WatchConditions;
  private codeStops: ReadonlySet<number> = new Set();
  /** Execute conditions seen so far: a CPU that has them not passes over. */
  private readonly executeStops = new Set<number>();

  constructor(
    private readonly options: MachineOptions,
    private readonly store: TranslationStore,
  ) {
    this.memory = new GuestMemory({
      onCodeChange: (first, end) => {
        this.regions.invalidate(first, end);
      },
      onLimitChange: () => {
        this.regions.clear();
      },
    });
    const { wasm, view } = this.memory;
    const table = new WebAssembly.Table({ element: 'anyfunc', initial: FIRST_TABLE_SLOTS });
    const instance = new WebAssembly.Instance(helpers(), {
      e: {
        m: wasm,
        t: table,
        resolve: (address: number) => this.regions.resolve(address >>> 0),
        service: (number: number, argument: number) => callService(view, number, argument),
      },
    });
    const environment: Record<string, WebAssembly.ExportValue> = { m: wasm };
    HELPER_FUNCTIONS.forEach(({ name }, n) => {
      environment[name] = instance.exports[`f${n}`];
    });
    // Apart from the regions: an engine tells each module that imports a table of each change to it.
    const helperTable = new WebAssembly.Table({ element: 'anyfunc', initial: HELPERS.length });
    HELPERS.forEach(({ name }, n) => {
      helperTable.set(n, environment[name]);
    });
    environment['t'] = helperTable;
    this.regions = new RegionCache(
      this.memory,
      table,
      environment,
      {
        has: (address) => this.codeStops.has(address) || this.executeStops.has(address),
      },
      store,
      options.hotEntries,
      options.evaluatedEntries,
    );
    const tests = new TestFunctions(wasm, (run) => this.regions.addFunction(run));
    this.watches = new WatchConditions(this.memory, tests, environment['judge'] as Judge);
    this.cpu = new Cpu({
      memory: this.memory,
      live: new LiveRegisters(view),
      regions: this.regions,
      watches: this.watches,
      enter: environment['enter'] as Enter,
      options,
      codeStops: () => this.codeStops,
      onExecuteConditions: () => {
        this.addExecuteStops();
      },
    });
  }

  get limit(): bigint {
    return BigInt(this.memory.limit);
  }

  map(address: bigint, lengthBytes: number, permissions: Permissions): boolean {
    return this.memory.map(Number(address), lengthBytes, permissions);
  }

  unmap(address: bigint, lengthBytes: number): void {
    this.memory.unmap(Number(address), lengthBytes);
  }

  protect(address: bigint, lengthBytes: number, permissions: Permissions): void {
    this.memory.protect(Number(address), lengthBytes, permissions);
  }

  permissionsAt(address: bigint): Permissions | undefined {
    return this.memory.permissionsAt(Number(address));
  }

  accessibleBytes(address: bigint, lengthBytes: number, access: Access): number {
    return this.memory.accessibleBytes(Number(address), lengthBytes, access);
  }

  read(address: bigint, lengthBytes: number): Uint8Array {
    return this.memory.read(Number(address), lengthBytes);
  }

  write(address: bigint, bytes: Uint8Array): void {
    this.memory.write(Number(address), bytes);
  }

  readU64(address: bigint): bigint {
    const at = this.memory.locate(Number(address));
    return at === undefined ? 0n : this.memory.view.getBigUint64(at, true);
  }

  writeU64(address: bigint, value: bigint): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value), true);
    this.write(address, bytes);
  }

  readU32(address: bigint): number {
    const at = this.memory.locate(Number(address));
    return at === undefined ? 0 : this.memory.view.getUint32(at, true);
  }

  writeU32(address: bigint, value: number): void {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, true);
    this.write(address, bytes);
  }

  setCodeStops(addresses: ReadonlySet<bigint>): void {
    const next = new Set([...addresses].map(Number));
    const changed = [...next, ...this.codeStops].filter((address) => next.has(address) !== this.codeStops.has(address));
    this.codeStops = next;
    for (const address of changed) this.regions.invalidate(address, address + 1);
  }

  private addExecuteStops(): void {
    for (const address of this.watches.execute.keys()) {
      if (this.executeStops.has(address)) continue;
      this.executeStops.add(address);
      this.regions.invalidate(address, address + 1);
    }
  }

  run(registers: RegisterFile, debug: DebugRegisters, options: RunOptions): RunResult {
    return this.cpu.run(registers, debug, options);
  }

  setExactFlags(exact: boolean): void {
    this.regions.setExactFlags(exact);
  }

  fork(): AddressSpace {
    const copy = new EmulatedAddressSpace(this.options, this.store);
    this.memory.copyTo(copy.memory);
    copy.codeStops = this.codeStops;
    return copy;
  }

  dispose(): void {
    this.regions.dispose();
  }
}
