// two-byte.table.ts: opcodes after 0F that are not SIMD.
//
// Notation: see opcode-table.ts. A line without np/66/f3/f2 holds under each of them.
// Truth: Intel SDM vol. 2, appendix A, table A-3 and A.4 (groups); AMD APM vol. 3 for 0D and 0F 0F.

export const TWO_BYTE_TABLE = `
00/0 sldt Esw
00/1 str Esw
00/2 lldt Ew
00/3 ltr Ew
00/4 verr Ew
00/5 verw Ew
01/0m sgdt Mt
01/1m sidt Mt
01/2m lgdt Mt
01/3m lidt Mt
01/4 smsw Esw
01/6 lmsw Ew
01/7m invlpg Mb
01:c0 enclv -
01:c1 vmcall -
01:c2 vmlaunch -
01:c3 vmresume -
01:c4 vmxoff -
01:c8 monitor -
01:c9 mwait -
01:ca clac -
01:cb stac -
01:cf encls -
01:d0 xgetbv -
01:d1 xsetbv -
01:d4 vmfunc -
01:d5 xend -
01:d6 xtest -
01:d7 enclu -
01:d8 vmrun -
01:d9 vmmcall -
01:da vmload -
01:db vmsave -
01:dc stgi -
01:dd clgi -
01:de skinit -
01:df invlpga -
01:ee rdpkru -
01:ef wrpkru -
f3 01:e8 setssbsy -
f3 01:ea saveprevssp -
f3 01/5m rstorssp Mq
01:f8 swapgs -
01:f9 rdtscp -
01:fa monitorx -
01:fb mwaitx -
01:fc clzero -
02 lar Gv,Ew
03 lsl Gv,Ew
05 syscall - f64
06 clts -
07 sysret -
08 invd -
09 wbinvd -
f3 09 wbnoinvd -
0b ud2 -
0d/*m prefetch Mb
0d/1m prefetchw Mb
0d/2m prefetchwt1 Mb
0e femms -
0f (3dnow) Pq,Qq,Iu
18 nop Ev
18/0m prefetchnta Mb
18/1m prefetcht0 Mb
18/2m prefetcht1 Mb
18/3m prefetcht2 Mb
19..1f nop Ev
f3 1e:fa endbr64 -
f3 1e:fb endbr32 -
f3 1e/1r rdssp Ry
20 mov Rq,Cq f64
21 mov Rq,Dq f64
22 mov Cq,Rq f64
23 mov Dq,Rq f64
30 wrmsr -
31 rdtsc -
32 rdmsr -
33 rdpmc -
34 sysenter -
35 sysexit -
37 getsec -
40..4f cmovcc Gv,Ev
77 emms -
np 78 vmread Eq,Gq
np 79 vmwrite Gq,Eq
80..8f jcc Jz f64
90..9f setcc Eb
a0 push FS d64
a1 pop FS d64
a2 cpuid -
a3 bt Ev,Gv
a4 shld Ev,Gv,Iu
a5 shld Ev,Gv,CL
a8 push GS d64
a9 pop GS d64
aa rsm -
ab bts Ev,Gv lock
ac shrd Ev,Gv,Iu
ad shrd Ev,Gv,CL
np ae/0m fxsave Mfx y
np ae/1m fxrstor Mfx y
np ae/2m ldmxcsr Md
np ae/3m stmxcsr Md
np ae/4m xsave Mfx y
np ae/5m xrstor Mfx y
np ae/6m xsaveopt Mfx y
np ae/7m clflush Mb
np ae/5r lfence -
np ae/6r mfence -
np ae/7r sfence -
66 ae/6m clwb Mb
66 ae/7m clflushopt Mb
66 ae/6r tpause Rd
f3 ae/0r rdfsbase Ry
f3 ae/1r rdgsbase Ry
f3 ae/2r wrfsbase Ry
f3 ae/3r wrgsbase Ry
f3 ae/4 ptwrite Ey
f3 ae/5r incssp Ry
f3 ae/6m clrssbsy Mq
f3 ae/6r umonitor Rq
f2 ae/6r umwait Rd
af imul Gv,Ev
b0 cmpxchg Eb,Gb lock
b1 cmpxchg Ev,Gv lock
b2/*m lss Gv,Mt
b3 btr Ev,Gv lock
b4/*m lfs Gv,Mt
b5/*m lgs Gv,Mt
b6 movzx Gv,Eb
b7 movzx Gv,Ew
f3 b8 popcnt Gv,Ev
b9 ud1 Gv,Ev
ba/4 bt Ev,Iu
ba/5 bts Ev,Iu lock
ba/6 btr Ev,Iu lock
ba/7 btc Ev,Iu lock
bb btc Ev,Gv lock
bc bsf Gv,Ev
f3 bc tzcnt Gv,Ev
bd bsr Gv,Ev
f3 bd lzcnt Gv,Ev
be movsx Gv,Eb
bf movsx Gv,Ew
c0 xadd Eb,Gb lock
c1 xadd Ev,Gv lock
np c3/*m movnti My,Gy
c7/1m cmpxchg8b|cmpxchg16b Mpair lock y
c7/3m xrstors Mfx y
c7/4m xsavec Mfx y
c7/5m xsaves Mfx y
c7/6m vmptrld Mq
66 c7/6m vmclear Mq
f3 c7/6m vmxon Mq
c7/7m vmptrst Mq
c7/6r rdrand Rv
c7/7r rdseed Rv
f3 c7/7r rdpid Rq
c8..cf bswap Zv
ff ud0 Gv,Ev
`;

/** 0F 38 and 0F 3A outside SIMD. */
export const TWO_BYTE_38_TABLE = `
66 80/*m invept Gq,Mx
66 81/*m invvpid Gq,Mx
66 82/*m invpcid Gq,Mx
np f0/*m movbe Gv,Mv
66 f0/*m movbe Gv,Mv
f2 f0 crc32 Gy,Eb
np f1/*m movbe Mv,Gv
66 f1/*m movbe Mv,Gv
f2 f1 crc32 Gy,Ev
66 f5/*m wruss My,Gy
np f6/*m wrss My,Gy
66 f6 adcx Gy,Ey
f3 f6 adox Gy,Ey
66 f8/*m movdir64b Gq,Mx
np f9/*m movdiri My,Gy
`;
