import assert from 'node:assert/strict';
import { createMachine } from '../../adapter/machine/create-machine';
import type { DebugCondition, DebugRegisters } from '../../adapter/machine/debug-registers';
import type { Machine, MachineOptions } from '../../adapter/machine/machine';
import { canaryTrouble } from '../../adapter/target/emulated/canary';

/** A machine whose debug registers are as `change` makes them. */
function broken(change: (condition: DebugCondition) => DebugCondition) {
  return (options: MachineOptions): Machine => {
    const machine = createMachine(options);
    return {
      createAddressSpace: () => machine.createAddressSpace(),
      createRegisterFile: () => machine.createRegisterFile(),
      createDebugRegisters(count): DebugRegisters {
        const registers = machine.createDebugRegisters(count);
        const condition = registers.condition.bind(registers);
        registers.condition = (index) => change(condition(index));
        return registers;
      },
    };
  };
}

describe('the canary', () => {
  it('is hit once by its write and once by its read', () => {
    assert.equal(canaryTrouble(createMachine), undefined);
  });

  it('tells of registers that never fire', () => {
    const trouble = canaryTrouble(broken((condition) => ({ ...condition, enabled: false })));
    assert.match(trouble ?? '', /each must hit once, but nothing was hit\.$/);
  });

  it('tells of registers that fire elsewhere', () => {
    const trouble = canaryTrouble(
      broken((condition) => (condition.type === 1 ? { ...condition, address: condition.address + 8n } : condition)),
    );
    assert.notEqual(trouble, undefined);
  });
});
