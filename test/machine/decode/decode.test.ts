// decode.test.ts: the decoder against hand-read encodings, and its behaviour at the edges.

import { strict as assert } from 'node:assert';
import { decode } from '../../../adapter/machine/decode/decode';
import { formatInstruction } from '../../../adapter/machine/decode/format';

const bytesOf = (hex: string) => Uint8Array.from(hex.split(' '), (byte) => parseInt(byte, 16));
const decodeHex = (hex: string, address = 0x401000) => decode(bytesOf(hex), 0, address);

/** One line each: bytes, then what they mean. */
const READINGS: readonly (readonly [string, string])[] = [
  ['90', 'nop'],
  ['f3 90', 'pause'],
  ['41 90', 'xchg r8d,eax'],
  ['48 89 e5', 'mov rbp,rsp'],
  ['89 7d ec', 'mov DWORD PTR [rbp-0x14],edi'],
  ['88 e0', 'mov al,ah'],
  ['40 88 e0', 'mov al,spl'],
  ['8b 05 e2 2e 00 00', 'mov eax,DWORD PTR [rip+0x2ee2]  # 0x403ee8'],
  ['c7 05 e2 2e 00 00 01 00 00 00', 'mov DWORD PTR [rip+0x2ee2],0x1  # 0x403eec'],
  ['48 b8 ff ff ff ff ff ff ff 7f', 'mov rax,0x7fffffffffffffff'],
  ['48 83 e4 f0', 'and rsp,0xfffffffffffffff0'],
  ['64 48 8b 04 25 28 00 00 00', 'mov rax,QWORD PTR fs:0x28'],
  ['f0 48 0f b1 37', 'lock cmpxchg QWORD PTR [rdi],rsi'],
  ['f0 48 89 37', '(bad)'],
  ['f0 48 0f b1 f7', '(bad)'],
  ['f3 48 ab', 'rep stosq'],
  ['f2 ae', 'repnz scasb'],
  ['f3 a6', 'repz cmpsb'],
  ['75 fe', 'jne 0x401000'],
  ['e8 00 00 00 00', 'call 0x401005'],
  ['ff 24 c5 00 20 40 00', 'jmp QWORD PTR [rax*8+0x402000]'],
  ['f3 0f 1e fa', 'endbr64'],
  ['f2 0f 10 44 24 08', 'movsd xmm0,QWORD PTR [rsp+0x8]'],
  ['66 48 0f 6e c0', 'movq xmm0,rax'],
  ['66 0f 6f 04 0f', 'movdqa xmm0,XMMWORD PTR [rdi+rcx*1]'],
  ['db 6d f0', 'fld TBYTE PTR [rbp-0x10]'],
  ['67 8d 04 08', 'lea eax,[eax+ecx*1]'],
  ['66 66 2e 0f 1f 84 00 00 00 00 00', 'nop WORD PTR [rax+rax*1]'],
  ['cd 80', 'int 0x80'],
  ['0f 0b', 'ud2'],
  ['06', '(bad)'],
];

describe('decode', () => {
  for (const [hex, text] of READINGS) {
    it(`${hex} is ${text}`, () => {
      assert.equal(formatInstruction(decodeHex(hex)), text);
    });
  }

  it('reads the whole instruction or says that the bytes ended, wherever they end', () => {
    for (const [hex, text] of READINGS) {
      const bytes = bytesOf(hex);
      if (text === '(bad)') continue;
      for (let length = 0; length < bytes.length; length++) {
        const cut = decode(bytes.subarray(0, length), 0, 0x401000);
        assert.deepEqual([cut.mnemonic, cut.truncated, cut.length], ['(bad)', true, length], `${hex} cut at ${length}`);
      }
      assert.deepEqual([decode(bytes, 0, 0).truncated, decode(bytes, 0, 0).length], [false, bytes.length], hex);
    }
  });

  it('takes 15 bytes and no more', () => {
    const prefixes = (count: number) => Uint8Array.from([...new Array<number>(count).fill(0x66), 0x90, 0, 0]);
    assert.equal(decode(prefixes(14), 0, 0).length, 15);
    assert.equal(decode(prefixes(15), 0, 0).mnemonic, '(bad)');
  });

  it('counts a REX only directly before the opcode', () => {
    assert.equal(formatInstruction(decodeHex('48 66 89 c8')), 'mov ax,cx');
    assert.equal(formatInstruction(decodeHex('66 48 89 c8')), 'mov rax,rcx');
  });

  it('decodes at an offset inside a larger buffer', () => {
    const instruction = decode(bytesOf('90 90 eb 10'), 2, 0x500002);
    assert.equal(instruction.target, 0x500014);
    assert.equal(instruction.length, 2);
  });

  it('gives vector instructions a name and a length', () => {
    assert.equal(formatInstruction(decodeHex('c5 fe 6f 06')), 'vmovdqu');
    assert.equal(decodeHex('c5 f8 77').mnemonic, 'vzeroupper');
    assert.equal(decodeHex('62 f1 fe 48 6f 46 01').length, 7);
  });

  it('decodes anything without throwing, and never longer than 15 bytes', () => {
    let seed = 12345;
    const bytes = new Uint8Array(60000);
    for (let i = 0; i < bytes.length; i++) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      bytes[i] = seed >>> 16;
    }
    for (let offset = 0; offset < bytes.length; offset++) {
      const instruction = decode(bytes, offset, 0x1000 + offset);
      const least = offset < bytes.length - 15 ? 1 : 0;
      assert(instruction.length >= least && instruction.length <= 15);
      formatInstruction(instruction);
    }
  });
});
