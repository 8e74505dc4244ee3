// vex.table.ts: names of vector instructions that are not an SSE name with a `v`.
//
// map.prefix.opcode[/modrm.reg] name (two names: W0|W1); map 1 0F, 2 0F38, 3 0F3A; prefix 0 none, 1 66, 2 F3, 3 F2.
// Truth: Intel SDM vol. 2, appendix A, tables.

const FMA_FORMS = [
  ['96', 'vfmaddsub'],
  ['97', 'vfmsubadd'],
  ['98', 'vfmadd'],
  ['9a', 'vfmsub'],
  ['9c', 'vfnmadd'],
  ['9e', 'vfnmsub'],
] as const;

/** Three orders of operands, 0x10 apart; the packed opcode, then the scalar one (there is none for 96 and 97). */
const fma = ['132', '213', '231'].flatMap((order, n) =>
  FMA_FORMS.flatMap(([opcode, name]) => {
    const packed = parseInt(opcode, 16) + n * 0x10;
    const line = `2.1.${packed.toString(16)} ${name}${order}ps|${name}${order}pd`;
    if (parseInt(opcode, 16) < 0x98) return [line];
    return [line, `2.1.${(packed + 1).toString(16)} ${name}${order}ss|${name}${order}sd`];
  }),
);

export const VEX_NAMES = `
${fma.join('\n')}
1.0.41 kandw|kandq
1.0.42 kandnw|kandnq
1.0.44 knotw|knotq
1.0.45 korw|korq
1.0.46 kxnorw|kxnorq
1.0.47 kxorw|kxorq
1.0.4a kaddw|kaddq
1.0.4b kunpckwd|kunpckdq
1.0.90 kmovw|kmovq
1.0.91 kmovw|kmovq
1.0.92 kmovw
1.0.93 kmovw
1.0.98 kortestw|kortestq
1.0.99 ktestw|ktestq
1.0.ae/2 vldmxcsr
1.0.ae/3 vstmxcsr
1.1.41 kandb|kandd
1.1.42 kandnb|kandnd
1.1.44 knotb|knotd
1.1.45 korb|kord
1.1.46 kxnorb|kxnord
1.1.47 kxorb|kxord
1.1.4a kaddb|kaddd
1.1.4b kunpckbw
1.1.90 kmovb|kmovd
1.1.91 kmovb|kmovd
1.1.92 kmovb
1.1.93 kmovb
1.1.98 kortestb|kortestd
1.1.99 ktestb|ktestd
1.3.92 kmovd|kmovq
1.3.93 kmovd|kmovq
1.3.10 vmovsd
1.3.11 vmovsd
1.3.c2 vcmpsd
2.0.f2 andn
2.0.f3/1 blsr
2.0.f3/2 blsmsk
2.0.f3/3 blsi
2.0.f5 bzhi
2.0.f7 bextr
2.1.0c vpermilps
2.1.0d vpermilpd
2.1.0e vtestps
2.1.0f vtestpd
2.1.13 vcvtph2ps
2.1.16 vpermps|vpermpd
2.1.18 vbroadcastss
2.1.19 vbroadcastsd
2.1.1a vbroadcastf128
2.1.2c vmaskmovps
2.1.2d vmaskmovpd
2.1.2e vmaskmovps
2.1.2f vmaskmovpd
2.1.36 vpermd|vpermq
2.1.45 vpsrlvd|vpsrlvq
2.1.46 vpsravd
2.1.47 vpsllvd|vpsllvq
2.1.58 vpbroadcastd
2.1.59 vpbroadcastq
2.1.5a vbroadcasti128
2.1.78 vpbroadcastb
2.1.79 vpbroadcastw
2.1.8c vpmaskmovd|vpmaskmovq
2.1.8e vpmaskmovd|vpmaskmovq
2.1.90 vpgatherdd|vpgatherdq
2.1.91 vpgatherqd|vpgatherqq
2.1.92 vgatherdps|vgatherdpd
2.1.93 vgatherqps|vgatherqpd
2.1.f7 shlx
2.2.f5 pext
2.2.f7 sarx
2.3.f5 pdep
2.3.f6 mulx
2.3.f7 shrx
3.1.00 vpermq
3.1.01 vpermpd
3.1.02 vpblendd
3.1.04 vpermilps
3.1.05 vpermilpd
3.1.06 vperm2f128
3.1.18 vinsertf128
3.1.19 vextractf128
3.1.1d vcvtps2ph
3.1.30 kshiftrb|kshiftrw
3.1.31 kshiftrd|kshiftrq
3.1.32 kshiftlb|kshiftlw
3.1.33 kshiftld|kshiftlq
3.1.38 vinserti128
3.1.39 vextracti128
3.1.46 vperm2i128
3.1.4a vblendvps
3.1.4b vblendvpd
3.1.4c vpblendvb
3.1.68 vfmaddps
3.1.69 vfmaddpd
3.1.6a vfmaddss
3.1.6b vfmaddsd
3.1.6c vfmsubps
3.1.6d vfmsubpd
3.1.6e vfmsubss
3.1.6f vfmsubsd
3.1.78 vfnmaddps
3.1.79 vfnmaddpd
3.1.7a vfnmaddss
3.1.7b vfnmaddsd
3.1.7c vfnmsubps
3.1.7d vfnmsubpd
3.1.7e vfnmsubss
3.1.7f vfnmsubsd
3.3.f0 rorx
`;
