// simd.table.ts: MMX and SSE … SSE4.2 (and AES, PCLMULQDQ, SHA, SSE4a, by name).
//
// Notation: see opcode-table.ts. `mx` stands for two lines: np on mmx registers, 66 on xmm registers.
// Truth: Intel SDM vol. 2, appendix A, tables; AMD APM vol. 4 for SSE4a.

/** After 0F. */
export const SIMD_TABLE = `
np 10 movups V,Wx
66 10 movupd V,Wx
f3 10 movss V,Wd
f2 10 movsd_xmm V,Wq
np 11 movups Wx,V
66 11 movupd Wx,V
f3 11 movss Wd,V
f2 11 movsd_xmm Wq,V
np 12/*m movlps V,Mq
np 12/*r movhlps V,U
66 12/*m movlpd V,Mq
f3 12 movsldup V,Wx
f2 12 movddup V,Wq
np 13/*m movlps Mq,V
66 13/*m movlpd Mq,V
np 14 unpcklps V,Wx
66 14 unpcklpd V,Wx
np 15 unpckhps V,Wx
66 15 unpckhpd V,Wx
np 16/*m movhps V,Mq
np 16/*r movlhps V,U
66 16/*m movhpd V,Mq
f3 16 movshdup V,Wx
np 17/*m movhps Mq,V
66 17/*m movhpd Mq,V
np 28 movaps V,Wx
66 28 movapd V,Wx
np 29 movaps Wx,V
66 29 movapd Wx,V
np 2a cvtpi2ps V,Qq
66 2a cvtpi2pd V,Qq
f3 2a cvtsi2ss V,Ey
f2 2a cvtsi2sd V,Ey
np 2b/*m movntps Mx,V
66 2b/*m movntpd Mx,V
f3 2b/*m movntss Md,V
f2 2b/*m movntsd Mq,V
np 2c cvttps2pi Pq,Wq
66 2c cvttpd2pi Pq,Wx
f3 2c cvttss2si Gy,Wd
f2 2c cvttsd2si Gy,Wq
np 2d cvtps2pi Pq,Wq
66 2d cvtpd2pi Pq,Wx
f3 2d cvtss2si Gy,Wd
f2 2d cvtsd2si Gy,Wq
np 2e ucomiss V,Wd
66 2e ucomisd V,Wq
np 2f comiss V,Wd
66 2f comisd V,Wq
np 50/*r movmskps Gd,U
66 50/*r movmskpd Gd,U
np 51 sqrtps V,Wx
66 51 sqrtpd V,Wx
f3 51 sqrtss V,Wd
f2 51 sqrtsd V,Wq
np 52 rsqrtps V,Wx
f3 52 rsqrtss V,Wd
np 53 rcpps V,Wx
f3 53 rcpss V,Wd
np 54 andps V,Wx
66 54 andpd V,Wx
np 55 andnps V,Wx
66 55 andnpd V,Wx
np 56 orps V,Wx
66 56 orpd V,Wx
np 57 xorps V,Wx
66 57 xorpd V,Wx
np 58 addps V,Wx
66 58 addpd V,Wx
f3 58 addss V,Wd
f2 58 addsd V,Wq
np 59 mulps V,Wx
66 59 mulpd V,Wx
f3 59 mulss V,Wd
f2 59 mulsd V,Wq
np 5a cvtps2pd V,Wq
66 5a cvtpd2ps V,Wx
f3 5a cvtss2sd V,Wd
f2 5a cvtsd2ss V,Wq
np 5b cvtdq2ps V,Wx
66 5b cvtps2dq V,Wx
f3 5b cvttps2dq V,Wx
np 5c subps V,Wx
66 5c subpd V,Wx
f3 5c subss V,Wd
f2 5c subsd V,Wq
np 5d minps V,Wx
66 5d minpd V,Wx
f3 5d minss V,Wd
f2 5d minsd V,Wq
np 5e divps V,Wx
66 5e divpd V,Wx
f3 5e divss V,Wd
f2 5e divsd V,Wq
np 5f maxps V,Wx
66 5f maxpd V,Wx
f3 5f maxss V,Wd
f2 5f maxsd V,Wq
np 60 punpcklbw Pq,Qd
66 60 punpcklbw V,Wx
np 61 punpcklwd Pq,Qd
66 61 punpcklwd V,Wx
np 62 punpckldq Pq,Qd
66 62 punpckldq V,Wx
mx 63 packsswb
mx 64 pcmpgtb
mx 65 pcmpgtw
mx 66 pcmpgtd
mx 67 packuswb
mx 68 punpckhbw
mx 69 punpckhwd
mx 6a punpckhdq
mx 6b packssdw
66 6c punpcklqdq V,Wx
66 6d punpckhqdq V,Wx
np 6e movd|movq Pq,Ey
66 6e movd|movq V,Ey
np 6f movq Pq,Qq
66 6f movdqa V,Wx
f3 6f movdqu V,Wx
np 70 pshufw Pq,Qq,Iu
66 70 pshufd V,Wx,Iu
f3 70 pshufhw V,Wx,Iu
f2 70 pshuflw V,Wx,Iu
np 71/2r psrlw N,Iu
66 71/2r psrlw U,Iu
np 71/4r psraw N,Iu
66 71/4r psraw U,Iu
np 71/6r psllw N,Iu
66 71/6r psllw U,Iu
np 72/2r psrld N,Iu
66 72/2r psrld U,Iu
np 72/4r psrad N,Iu
66 72/4r psrad U,Iu
np 72/6r pslld N,Iu
66 72/6r pslld U,Iu
np 73/2r psrlq N,Iu
66 73/2r psrlq U,Iu
66 73/3r psrldq U,Iu
np 73/6r psllq N,Iu
66 73/6r psllq U,Iu
66 73/7r pslldq U,Iu
mx 74 pcmpeqb
mx 75 pcmpeqw
mx 76 pcmpeqd
66 78/0r extrq U,Iu,Iu
f2 78/*r insertq V,U,Iu,Iu
66 79/*r extrq V,U
f2 79/*r insertq V,U
66 7c haddpd V,Wx
f2 7c haddps V,Wx
66 7d hsubpd V,Wx
f2 7d hsubps V,Wx
np 7e movd|movq Ey,Pq
66 7e movd|movq Ey,V
f3 7e movq V,Wq
np 7f movq Qq,Pq
66 7f movdqa Wx,V
f3 7f movdqu Wx,V
np c2 cmpps V,Wx,Iu
66 c2 cmppd V,Wx,Iu
f3 c2 cmpss V,Wd,Iu
f2 c2 cmpsd_xmm V,Wq,Iu
np c4 pinsrw Pq,Edw,Iu
66 c4 pinsrw V,Edw,Iu
np c5/*r pextrw Gd,N,Iu
66 c5/*r pextrw Gd,U,Iu
np c6 shufps V,Wx,Iu
66 c6 shufpd V,Wx,Iu
66 d0 addsubpd V,Wx
f2 d0 addsubps V,Wx
mx d1 psrlw
mx d2 psrld
mx d3 psrlq
mx d4 paddq
mx d5 pmullw
66 d6 movq Wq,V
f3 d6/*r movq2dq V,N
f2 d6/*r movdq2q Pq,U
np d7/*r pmovmskb Gd,N
66 d7/*r pmovmskb Gd,U
mx d8 psubusb
mx d9 psubusw
mx da pminub
mx db pand
mx dc paddusb
mx dd paddusw
mx de pmaxub
mx df pandn
mx e0 pavgb
mx e1 psraw
mx e2 psrad
mx e3 pavgw
mx e4 pmulhuw
mx e5 pmulhw
66 e6 cvttpd2dq V,Wx
f3 e6 cvtdq2pd V,Wq
f2 e6 cvtpd2dq V,Wx
np e7/*m movntq Mq,Pq
66 e7/*m movntdq Mx,V
mx e8 psubsb
mx e9 psubsw
mx ea pminsw
mx eb por
mx ec paddsb
mx ed paddsw
mx ee pmaxsw
mx ef pxor
f2 f0/*m lddqu V,Mx
mx f1 psllw
mx f2 pslld
mx f3 psllq
mx f4 pmuludq
mx f5 pmaddwd
mx f6 psadbw
np f7/*r maskmovq Pq,N
66 f7/*r maskmovdqu V,U
mx f8 psubb
mx f9 psubw
mx fa psubd
mx fb psubq
mx fc paddb
mx fd paddw
mx fe paddd
`;

/** After 0F 38. */
export const SIMD_38_TABLE = `
mx 00 pshufb
mx 01 phaddw
mx 02 phaddd
mx 03 phaddsw
mx 04 pmaddubsw
mx 05 phsubw
mx 06 phsubd
mx 07 phsubsw
mx 08 psignb
mx 09 psignw
mx 0a psignd
mx 0b pmulhrsw
66 10 pblendvb V,Wx
66 14 blendvps V,Wx
66 15 blendvpd V,Wx
66 17 ptest V,Wx
mx 1c pabsb
mx 1d pabsw
mx 1e pabsd
66 20 pmovsxbw V,Wq
66 21 pmovsxbd V,Wd
66 22 pmovsxbq V,Ww
66 23 pmovsxwd V,Wq
66 24 pmovsxwq V,Wd
66 25 pmovsxdq V,Wq
66 28 pmuldq V,Wx
66 29 pcmpeqq V,Wx
66 2a/*m movntdqa V,Mx
66 2b packusdw V,Wx
66 30 pmovzxbw V,Wq
66 31 pmovzxbd V,Wd
66 32 pmovzxbq V,Ww
66 33 pmovzxwd V,Wq
66 34 pmovzxwq V,Wd
66 35 pmovzxdq V,Wq
66 37 pcmpgtq V,Wx
66 38 pminsb V,Wx
66 39 pminsd V,Wx
66 3a pminuw V,Wx
66 3b pminud V,Wx
66 3c pmaxsb V,Wx
66 3d pmaxsd V,Wx
66 3e pmaxuw V,Wx
66 3f pmaxud V,Wx
66 40 pmulld V,Wx
66 41 phminposuw V,Wx
np c8 sha1nexte V,Wx
np c9 sha1msg1 V,Wx
np ca sha1msg2 V,Wx
np cb sha256rnds2 V,Wx
np cc sha256msg1 V,Wx
np cd sha256msg2 V,Wx
66 cf gf2p8mulb V,Wx
66 db aesimc V,Wx
66 dc aesenc V,Wx
66 dd aesenclast V,Wx
66 de aesdec V,Wx
66 df aesdeclast V,Wx
`;

/** After 0F 3A: each ends in a byte. */
export const SIMD_3A_TABLE = `
66 08 roundps V,Wx,Iu
66 09 roundpd V,Wx,Iu
66 0a roundss V,Wd,Iu
66 0b roundsd V,Wq,Iu
66 0c blendps V,Wx,Iu
66 0d blendpd V,Wx,Iu
66 0e pblendw V,Wx,Iu
np 0f palignr Pq,Qq,Iu
66 0f palignr V,Wx,Iu
66 14 pextrb Edb,V,Iu
66 15 pextrw Edw,V,Iu
66 16 pextrd|pextrq Ey,V,Iu
66 17 extractps Ed,V,Iu
66 20 pinsrb V,Edb,Iu
66 21 insertps V,Wd,Iu
66 22 pinsrd|pinsrq V,Ey,Iu
66 40 dpps V,Wx,Iu
66 41 dppd V,Wx,Iu
66 42 mpsadbw V,Wx,Iu
66 44 pclmulqdq V,Wx,Iu
66 60 pcmpestrm V,Wx,Iu
66 61 pcmpestri V,Wx,Iu
66 62 pcmpistrm V,Wx,Iu
66 63 pcmpistri V,Wx,Iu
np cc sha1rnds4 V,Wx,Iu
66 ce gf2p8affineqb V,Wx,Iu
66 cf gf2p8affineinvqb V,Wx,Iu
66 df aeskeygenassist V,Wx,Iu
`;
