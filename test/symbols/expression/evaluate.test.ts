// evaluate.test.ts: what expressions come to, on a program made by hand.

import * as assert from 'node:assert';
import { evaluateExpression, locateExpression } from '../../../adapter/symbols/expression/compile';
import { formatValue } from '../../../adapter/symbols/types/format-value';
import { UserError } from '../../../adapter/util/user-error';
import type { FakeProgram } from './fake-program';
import { int, sampleProgram } from './fake-program';

const program = sampleProgram();

/** `(type) text`, or the error's code. */
function shown(expression: string, on: FakeProgram = program): string {
  try {
    const value = evaluateExpression(expression, on.context);
    return `(${value.type.name}) ${formatValue(value, on.memory)}`;
  } catch (error) {
    if (error instanceof UserError) return error.code;
    throw error;
  }
}

function expectAll(cases: readonly (readonly [string, string])[]): void {
  for (const [expression, expected] of cases) {
    it(`${expression} is ${expected}`, () => {
      assert.strictEqual(shown(expression), expected);
    });
  }
}

describe('expressions: variables, members, elements', () => {
  expectAll([
    ['counter', '(int) 41'],
    ['-negative', '(int) 7'],
    ['letter', "(char) 97 'a'"],
    ['ratio * 2', '(double) 5'],
    ['array', '(int [5]) [5] {10, 11, 12, 13, 14}'],
    ['array[2]', '(int) 12'],
    ['2[array]', '(int) 12'],
    ['matrix[1][2]', '(int) 6'],
    ['matrix[1]', '(int [3]) [3] {4, 5, 6}'],
    ['point.y', '(int) 4'],
    ['p->x', '(int) 3'],
    ['p.x', '(int) 3'],
    ['(*p).y', '(int) 4'],
    ['*p', '(struct point) {x = 3, y = 4}'],
    ['*cursor', '(int) 11'],
    ['cursor[1]', '(int) 12'],
    ['*cursor++', 'expression.assignmentNotAllowed'],
    ['node.at.y', '(int) 2'],
    ['node.real', '(float) 3.1415927'],
    ['node.low', '(unsigned int) 5'],
    ['node.signed_bits', '(int) -11'],
    ['node.low + node.signed_bits', '(int) -6'],
    ['main.c:hidden', '(int) 123'],
    ["'main.c'::hidden", '(int) 123'],
    ['main.c::hidden', '(int) 123'],
    ['in_register', '(int) 77'],
    ['color', '(enum color) BLUE'],
    ['color == BLUE', '(int) 1'],
    ['RED - 1', '(int) -1'],
    ['mode', '(enum flags) READ | WRITE'],
  ]);
});

describe('expressions: addresses', () => {
  expectAll([
    ['&point', '(struct point *) 0x4040b0'],
    ['&point.y', '(int *) 0x4040b4'],
    ['&array', '(int (*)[5]) 0x404070'],
    ['&array[2] - &array[0]', '(long) 2'],
    ['array + 1', '(int *) 0x404074'],
    ['*(array + 1)', '(int) 11'],
    ['1 + array', '(int *) 0x404074'],
    ['cursor - 1 == array', '(int) 1'],
    ['cursor > array', '(int) 1'],
    ['!nothing', '(int) 1'],
    ['nothing == NULL', '(int) 1'],
    ['nothing == 0 && p != nullptr', '(int) 1'],
    ['(long)cursor & 7', '(long) 4'],
    ['cursor & 7', '(unsigned long) 4'],
    ['(char *)p + 4', '(char *) 0x4040b4 "\\004"'],
    ['*(int *)((char *)p + 4)', '(int) 4'],
    ['anything + 1', '(void *) 0x404071'],
    ['{int} 0x4040b4', '(int) 4'],
    ['main', '(int (void)) 0x401136'],
    ['&main', '(int (*)()) 0x401136'],
    ['main_p == main', '(int) 1'],
    ['*main_p', '(int (void)) 0x401136'],
    ['&*nothing', '(int *) 0x0'],
    ['cursor * 2', 'expression.badOperands'],
    ['p + p', 'expression.badOperands'],
    ['-p', 'expression.badOperand'],
  ]);
});

describe('expressions: arrays from elsewhere', () => {
  expectAll([
    ['array[1..4]', '(int [3]) [3] {11, 12, 13}'],
    ['array[1..=4]', '(int [4]) [4] {11, 12, 13, 14}'],
    ['array[3..]', '(int [2]) [2] {13, 14}'],
    ['array[..2]', '(int [2]) [2] {10, 11}'],
    ['cursor[0..2]', '(int [2]) [2] {11, 12}'],
    ['matrix[0..1]', '(int [1][3]) [1] {{1, 2, 3}}'],
    ['cursor[1..]', 'expression.badSlice'],
    ['array[2..2]', 'expression.badSlice'],
    ['array[3..1]', 'expression.badSlice'],
    ['array[0..99999999999]', 'expression.badSlice'],
    ['*cursor@3', '(int [3]) [3] {11, 12, 13}'],
    ['array[1]@1+1', '(int [2]) [2] {11, 12}'],
    ['point@1', '(struct point [1]) [1] {{x = 3, y = 4}}'],
    ['counter@0', 'expression.badCount'],
    ['counter@1.5', 'expression.badCount'],
    ['5@2', 'expression.noAddress'],
    ['in_register@2', 'expression.noAddress'],
  ]);
});

describe('expressions: numbers', () => {
  expectAll([
    ['1', '(int) 1'],
    ['2147483647', '(int) 2147483647'],
    ['2147483648', '(long) 2147483648'],
    ['0x80000000', '(unsigned int) 2147483648'],
    ['9223372036854775808', '(unsigned long) 9223372036854775808'],
    ['18446744073709551616', '(__int128) 18446744073709551616'],
    ['017', '(int) 15'],
    ['0b101', '(int) 5'],
    ['10u', '(unsigned int) 10'],
    ['10ul', '(unsigned long) 10'],
    ['10LLU', '(unsigned long long) 10'],
    ["'\\xff'", "(char) -1 '\\377'"],
    ['1.5', '(double) 1.5'],
    ['1.5f', '(float) 1.5'],
    ['.5', '(double) 0.5'],
    ['1e3', '(double) 1000'],
    ['0x1.8p1', '(double) 3'],
    ['1.5L', '(long double) 1.5'],
    ["'a'", "(char) 97 'a'"],
    ["'\\n'", "(char) 10 '\\n'"],
    ["'\\x41' + 1", '(int) 66'],
    ["sizeof('a')", '(unsigned long) 4'],
    ["L'é'", "(wchar_t) 233 'é'"],
    ['"abc"', '(char [4]) "abc"'],
    ['"abc"[1]', "(char) 98 'b'"],
    ['sizeof "abc"', '(unsigned long) 4'],
    ['0x7fffffff + 1', '(int) -2147483648'],
    ['0xffffffff + 1', '(unsigned int) 0'],
    ['-1 < 0u', '(int) 0'],
    ['-1 < 0l', '(int) 1'],
    ['-1 < 0ul', '(int) 0'],
    ['(unsigned char)255 + 1', '(int) 256'],
    ['(signed char)200', "(signed char) -56 '\\310'"],
    ['(unsigned)-1', '(unsigned int) 4294967295'],
    ['-7 / 2', '(int) -3'],
    ['-7 % 3', '(int) -1'],
    ['1 << 31', '(int) -2147483648'],
    ['1u << 32', '(unsigned int) 0'],
    ['-8 >> 1', '(int) -4'],
    ['-8 >> 100', '(int) -1'],
    ['(int)2.9', '(int) 2'],
    ['(int)-2.9', '(int) -2'],
    ['(float)0.1', '(float) 0.1'],
    ['(float)16777217', '(float) 16777216'],
    ['(double)9007199254740993', '(double) 9007199254740992'],
    ['1 / 2.0f', '(float) 0.5'],
    ['1.0 / 0', '(double) inf'],
    ['5 % 2.0', 'expression.badOperands'],
    ['~1.0', 'expression.badOperand'],
    ['!0.0', '(int) 1'],
    ['(_Bool)0.5', '(_Bool) true'],
    ['(bool)256', '(bool) true'],
    ['(__int128)1 << 100', '(__int128) 1267650600228229401496703205376'],
    ['true + true', '(int) 2'],
    ['1 ? 2 : 3.0', '(double) 2'],
    ['0 ? *nothing : 5', '(int) 5'],
    ['1 ? 2 : *nothing', '(int) 2'],
    ['1, 2', '(int) 2'],
    ['0 && *nothing', '(int) 0'],
    ['1 || *nothing', '(int) 1'],
    ['2 && 3', '(int) 1'],
  ]);
});

describe('expressions: precedence', () => {
  expectAll([
    ['2 + 3 * 4', '(int) 14'],
    ['(2 + 3) * 4', '(int) 20'],
    ['10 - 3 - 2', '(int) 5'],
    ['1 | 2 ^ 3 & 4', '(int) 3'],
    ['1 + 1 << 2', '(int) 8'],
    ['1 < 2 == 1', '(int) 1'],
    ['1 == 2 > 0', '(int) 1'],
    ['1 & 3 == 3', '(int) 1'],
    ['0 ? 1 : 0 ? 2 : 3', '(int) 3'],
    ['1 ? 0 ? 4 : 5 : 6', '(int) 5'],
    ['- - 1', '(int) 1'],
    ['!~0', '(int) 0'],
    ['-2 * -3', '(int) 6'],
    ['sizeof(int) * 2', '(unsigned long) 8'],
    ['sizeof point.x + 1', '(unsigned long) 5'],
    ['(int)2.5 * 2', '(int) 4'],
    ['*&counter', '(int) 41'],
    ['&*p == p', '(int) 1'],
    ['-array[1]', '(int) -11'],
    ['*p->x', 'expression.notAPointer'],
    ['counter>40?1:0', '(int) 1'],
    ['0 ? counter : main.c:hidden', '(int) 123'],
    ['0 ? counter : main.c', 'expression.notAStruct'],
  ]);
});

describe('expressions: types', () => {
  expectAll([
    ['sizeof(unsigned long long)', '(unsigned long) 8'],
    ['sizeof(long unsigned int)', '(unsigned long) 8'],
    ['sizeof(struct point)', '(unsigned long) 8'],
    ['sizeof(struct point *)', '(unsigned long) 8'],
    ['sizeof(point_t[3])', '(unsigned long) 24'],
    ['sizeof(int (*)[10])', '(unsigned long) 8'],
    ['sizeof(char *[10])', '(unsigned long) 80'],
    ['sizeof(int[2][3])', '(unsigned long) 24'],
    ['sizeof array / sizeof array[0]', '(unsigned long) 5'],
    ['sizeof(*nothing)', '(unsigned long) 4'],
    ['sizeof(counter)', '(unsigned long) 4'],
    ['sizeof(void)', '(unsigned long) 1'],
    ['_Alignof(struct node)', '(unsigned long) 8'],
    ['((point_t *)anything)->y', '(int) 11'],
    ['(const volatile unsigned char)300', "(const volatile unsigned char) 44 ','"],
    ['(size_t)-1', '(size_t) 18446744073709551615'],
    ['(uint16_t)-1', '(uint16_t) 65535'],
    ['(enum color)1', '(enum color) GREEN'],
    ['(enum flags)6', '(enum flags) WRITE | EXEC'],
    ['(int (*)(int))main', '(int (*)()) 0x401136'],
    ['*(char (*)[6])words', '(char [6]) "hello"'],
    ['(struct point)counter', 'expression.badCast'],
    ['(int)point', 'expression.badCast'],
    ['(float)p', 'expression.badCast'],
    ['(int *)1.5', 'expression.badCast'],
    ['(int)untyped', '(int) 99'],
    ['*(short *)&untyped', '(short) 99'],
    ['untyped + 1', 'expression.noTypeInformation'],
    ['(void)counter', '(void) void'],
    ['(counter) - 1', '(int) 40'],
    ['(counter)', '(int) 41'],
    ['(struct nothing *)p', 'expression.unknownType'],
    ['point_t', 'expression.typeNotValue'],
    ['sizeof(point_t)', '(unsigned long) 8'],
    ['sizeof point_t', '(unsigned long) 8'],
  ]);
});

describe('expressions: registers and values of the debugger', () => {
  expectAll([
    ['$rax', '(long) 1234605616436508552'],
    ['$eax', '(int) 1432778632'],
    ['$ax', '(short) 30600'],
    ['$al', '(int8_t) -120'],
    ['$ah', '(int8_t) 119'],
    ['$ebx', '(int) 77'],
    ['$pc == $rip', '(int) 1'],
    ['$eflags', '(eflags) PF | ZF | IF | 0x2'],
    ['$eflags & 0x40', '(unsigned int) 64'],
    ['$old', '(int) 40'],
    ['counter - $old', '(int) 1'],
    ['$rcx', 'expression.registerUnknownHere'],
    ['$nonsense', 'expression.unknownDollar'],
    ['&$rax', 'expression.noAddress'],
    ['&$old', 'expression.noAddress'],
  ]);
});

describe('expressions: text', () => {
  expectAll([
    ['string', '(char *) 0x404100 "hello"'],
    ['words', '(char [6]) "hello"'],
    ['string == "hello"', '(int) 1'],
    ['words == "hello"', '(int) 1'],
    ['"hell" == words', '(int) 0'],
    ['words != "hello there"', '(int) 1'],
    ['string[1]', "(char) 101 'e'"],
    ['counter == "hello"', 'expression.badOperands'],
    ['(char *)0 == "hello"', 'expression.unreadable'],
  ]);
});

describe('expressions: assignment', () => {
  const after = (...expressions: string[]): string => {
    const fresh = sampleProgram();
    for (const expression of expressions.slice(0, -1)) evaluateExpression(expression, fresh.writable);
    return shown(expressions.at(-1) ?? '', fresh);
  };
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['counter = 5', 'counter'], '(int) 5'],
    [['counter += 2 * 3', 'counter'], '(int) 47'],
    [['counter <<= 1', 'counter'], '(int) 82'],
    [['counter = negative = 3', 'counter + negative'], '(int) 6'],
    [['counter++', 'counter'], '(int) 42'],
    [['--counter', 'counter'], '(int) 40'],
    [['cursor++', '*cursor'], '(int) 12'],
    [['cursor += 2', '*cursor'], '(int) 13'],
    [['array[1] = -1', 'array'], '(int [5]) [5] {10, -1, 12, 13, 14}'],
    [['p->y = 2.9', 'point'], '(struct point) {x = 3, y = 2}'],
    [['ratio = 1', 'ratio'], '(double) 1'],
    [['letter = 354', 'letter'], "(char) 98 'b'"],
    [['node.low = 2', 'node.low * 100 + node.signed_bits'], '(int) 189'],
    [['node.signed_bits = 3', 'node.low * 100 + node.signed_bits'], '(int) 503'],
    [['node.at = point', 'node.at'], '(struct point) {x = 3, y = 4}'],
    [['words = "bye"', 'words'], '(char [6]) "bye"'],
    [['color = RED', 'color'], '(enum color) RED'],
    [['in_register = 5', '$rbx'], '(long) 5'],
    [['$al = 1', '$rax & 0xffff'], '(long) 30465'],
    [['$ah = 0', '$rax & 0xffff'], '(long) 136'],
    [['nothing = &counter', '*nothing'], '(int) 41'],
  ];
  for (const [expressions, expected] of cases) {
    it(`after ${expressions.slice(0, -1).join(', ')}, ${expressions.at(-1) ?? ''} is ${expected}`, () => {
      assert.strictEqual(after(...expressions), expected);
    });
  }

  it('is refused where nothing can be written', () => {
    const refused = (expression: string): string => {
      try {
        evaluateExpression(expression, sampleProgram().writable);
        return 'accepted';
      } catch (error) {
        return error instanceof UserError ? error.code : String(error);
      }
    };
    assert.strictEqual(refused('5 = 6'), 'expression.notAssignable');
    assert.strictEqual(refused('$old = 6'), 'expression.notAssignable');
    assert.strictEqual(refused('gone = 6'), 'expression.notAssignable');
    assert.strictEqual(refused('point = counter'), 'expression.badOperands');
    assert.strictEqual(refused('words = "too long for it"'), 'expression.badOperands');
    assert.strictEqual(shown('counter = 5'), 'expression.assignmentNotAllowed');
  });

  it('writes nothing inside sizeof and the side of ?: that is not taken', () => {
    const fresh = sampleProgram();
    evaluateExpression('sizeof(counter = 5)', fresh.writable);
    evaluateExpression('1 ? 2 : (counter = 5)', fresh.writable);
    assert.strictEqual(shown('counter', fresh), '(int) 41');
  });
});

describe('expressions: places', () => {
  it('locates what it cannot read, with the reason', () => {
    const value = locateExpression('*nothing', program.context);
    assert.deepStrictEqual(value.location, { kind: 'memory', address: 0n });
    assert.strictEqual(value.error, 'cannot read memory at 0x0');
  });

  it('reads nothing for addresses and sizes', () => {
    const memory = { read: () => assert.fail('memory was read') };
    const context = { ...program.context, memory };
    assert.strictEqual(formatValue(evaluateExpression('&point.y', context), program.memory), '0x4040b4');
    assert.strictEqual(formatValue(evaluateExpression('sizeof node.name', context), program.memory), '8');
  });

  it('follows references', () => {
    const fresh = sampleProgram();
    const target = fresh.add('target', { kind: 'base', name: 'int', sizeBytes: 4, encoding: 'signed' }, int(8));
    const address = new Uint8Array(new BigUint64Array([target]).buffer);
    fresh.add(
      'ref',
      {
        kind: 'reference',
        name: 'int &',
        sizeBytes: 8,
        target: { kind: 'base', name: 'int', sizeBytes: 4, encoding: 'signed' },
      },
      address,
    );
    assert.strictEqual(shown('ref + 1', fresh), '(int) 9');
    assert.strictEqual(shown('&ref == &target', fresh), '(int) 1');
  });
});
