// one-byte.table.ts: the one-byte opcodes of 64-bit mode.
//
// Notation: see opcode-table.ts.
// Truth: Intel SDM vol. 2, appendix A.2, table A-2.

const ARITHMETIC = ['add', 'or', 'adc', 'sbb', 'and', 'sub', 'xor', 'cmp'];
const SHIFTS = ['rol', 'ror', 'rcl', 'rcr', 'shl', 'shr', 'shl', 'sar'];

const hex = (opcode: number) => opcode.toString(16).padStart(2, '0');

/** 00–3f: eight operations in six forms each; 80, 81, 83: the same eight with immediates. */
const arithmetic = ARITHMETIC.flatMap((name, n) => {
  const lock = name === 'cmp' ? '' : 'lock';
  const base = n * 8;
  return [
    `${hex(base)} ${name} Eb,Gb ${lock}`,
    `${hex(base + 1)} ${name} Ev,Gv ${lock}`,
    `${hex(base + 2)} ${name} Gb,Eb`,
    `${hex(base + 3)} ${name} Gv,Ev`,
    `${hex(base + 4)} ${name} AL,Ib`,
    `${hex(base + 5)} ${name} A,Iz`,
    `80/${n} ${name} Eb,Ib ${lock}`,
    `81/${n} ${name} Ev,Iz ${lock}`,
    `83/${n} ${name} Ev,Ib ${lock}`,
  ];
});

/** c0, c1: count in a byte; d0, d1: once; d2, d3: count in cl. */
const shifts = SHIFTS.flatMap((name, n) => [
  `c0/${n} ${name} Eb,Iu`,
  `c1/${n} ${name} Ev,Iu`,
  `d0/${n} ${name} Eb,1`,
  `d1/${n} ${name} Ev,1`,
  `d2/${n} ${name} Eb,CL`,
  `d3/${n} ${name} Ev,CL`,
]);

export const ONE_BYTE_TABLE = `
${arithmetic.join('\n')}
${shifts.join('\n')}
50..57 push Zv d64
58..5f pop Zv d64
63 movsxd Gv,Ed
68 push Iz d64
69 imul Gv,Ev,Iz
6a push Ib d64
6b imul Gv,Ev,Ib
6c ins - b string
6d ins - z string
6e outs - b string
6f outs - z string
70..7f jcc Jb f64
84 test Eb,Gb
85 test Ev,Gv
86 xchg Eb,Gb lock
87 xchg Ev,Gv lock
88 mov Eb,Gb
89 mov Ev,Gv
8a mov Gb,Eb
8b mov Gv,Ev
8c/0 mov Esw,Sw
8c/1 mov Esw,Sw
8c/2 mov Esw,Sw
8c/3 mov Esw,Sw
8c/4 mov Esw,Sw
8c/5 mov Esw,Sw
8d/*m lea Gv,Mv
8e/0 mov Sw,Ew
8e/2 mov Sw,Ew
8e/3 mov Sw,Ew
8e/4 mov Sw,Ew
8e/5 mov Sw,Ew
8f/0 pop Ev d64
90..97 xchg Zv,A
98 cbw|cwde|cdqe -
99 cwd|cdq|cqo -
9b fwait -
9c pushf - d64
9d popf - d64
9e sahf -
9f lahf -
a0 mov AL,Ob
a1 mov A,Ov
a2 mov Ob,AL
a3 mov Ov,A
a4 movs - b string
a5 movs - v string
a6 cmps - b string
a7 cmps - v string
a8 test AL,Ib
a9 test A,Iz
aa stos - b string
ab stos - v string
ac lods - b string
ad lods - v string
ae scas - b string
af scas - v string
b0..b7 mov Zb,Ib
b8..bf mov Zv,Iv
c2 ret Iw f64
c3 ret - f64
c6/0 mov Eb,Ib
c6:f8 xabort Iu
c7/0 mov Ev,Iz
c7:f8 xbegin Jz
c8 enter Iw,Iu d64
c9 leave - d64
ca retf Iw
cb retf -
cc int3 -
cd int Iu
cf iret -
d7 xlat -
e0 loopne Jb f64
e1 loope Jb f64
e2 loop Jb f64
e3 jrcxz Jb f64
e4 in AL,Iu
e5 in Az,Iu z
e6 out Iu,AL b
e7 out Iu,Az z
e8 call Jz f64
e9 jmp Jz f64
eb jmp Jb f64
ec in AL,DX
ed in Az,DX z
ee out DX,AL b
ef out DX,Az z
f1 icebp -
f4 hlt -
f5 cmc -
f6/0 test Eb,Ib
f6/1 test Eb,Ib
f6/2 not Eb lock
f6/3 neg Eb lock
f6/4 mul Eb
f6/5 imul Eb
f6/6 div Eb
f6/7 idiv Eb
f7/0 test Ev,Iz
f7/1 test Ev,Iz
f7/2 not Ev lock
f7/3 neg Ev lock
f7/4 mul Ev
f7/5 imul Ev
f7/6 div Ev
f7/7 idiv Ev
f8 clc -
f9 stc -
fa cli -
fb sti -
fc cld -
fd std -
fe/0 inc Eb lock
fe/1 dec Eb lock
ff/0 inc Ev lock
ff/1 dec Ev lock
ff/2 call_indirect Ev f64
ff/3m callf Mt
ff/4 jmp_indirect Ev f64
ff/5m jmpf Mt
ff/6 push Ev d64
`;
