// watchable.test.ts: which bytes a data breakpoint on an expression watches, or why none.

import * as assert from 'node:assert';
import { locateExpression } from '../../../adapter/symbols/expression/compile';
import { watchableRange } from '../../../adapter/symbols/expression/watchable';
import { UserError } from '../../../adapter/util/user-error';
import { sampleProgram } from './fake-program';

const program = sampleProgram();

function range(expression: string): string {
  try {
    const { address, lengthBytes, bits } = watchableRange(locateExpression(expression, program.context), expression);
    const field = bits === undefined ? '' : ` bits ${bits.offset}+${bits.width}`;
    return `${lengthBytes}@0x${address.toString(16)}${field}`;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

describe('what a data breakpoint watches', () => {
  it('variables, members, elements, pointees', () => {
    assert.strictEqual(range('counter'), '4@0x404010');
    assert.strictEqual(range('point'), '8@0x4040b0');
    assert.strictEqual(range('point.y'), '4@0x4040b4');
    assert.strictEqual(range('p->y'), '4@0x4040b4');
    assert.strictEqual(range('array[1..4]'), '12@0x404074');
    assert.strictEqual(range('*nothing'), '4@0x0');
    assert.strictEqual(range('untyped'), '4@0x404180');
  });

  it('of bit-fields the bytes that hold them', () => {
    assert.strictEqual(range('node.low'), '1@0x404144 bits 0+3');
    assert.strictEqual(range('node.signed_bits'), '1@0x404144 bits 3+5');
  });

  it('else it says why', () => {
    assert.match(
      range('in_register'),
      /^`in_register` lives in register rbx here, and data breakpoints watch memory\. Compile with -O0/,
    );
    assert.match(range('counter + 1'), /is computed and stored nowhere/);
    assert.match(range('&counter'), /is computed and stored nowhere/);
    assert.match(range('gone'), /optimized out here \(no location here\)/);
    assert.match(range('main'), /is a function\. Set a function breakpoint/);
    assert.match(range('$old'), /computed/);
    assert.match(range('*main_p'), /is a function/);
  });
});
