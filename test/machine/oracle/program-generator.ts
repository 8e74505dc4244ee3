// program-generator.ts: small random programs in assembly: what compilers and people write, in random order.
//
// Frames, calls of small functions, loops, branches that meet again, accesses near each other through the same and
// through other registers, NOPs with memory operands, 16 bytes at a time, string instructions. Pointers point into the
// window, some near its end, so that a few programs fault. Nobody reads flags that are undefined.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fxsaveImage } from './case-generator';
import type { Random } from './random';
import { CODE, MAX_CODE_BYTES, WINDOW, WINDOW_BYTES } from './real-cpu';
import type { Request } from './real-cpu';

export interface RandomProgram {
  readonly text: string;
  readonly request: Request;
}

const CONDITIONS = ['o', 'no', 'b', 'nb', 'z', 'nz', 'be', 'nbe', 's', 'ns', 'p', 'np', 'l', 'nl', 'le', 'nle'];
/** By the pairs above. */
const NEEDS = ['o', 'c', 'z', 'cz', 's', 'p', 'so', 'soz'];
const POINTERS = ['rbx', 'rsi', 'rdi', 'r13', 'rbp', 'rsp'];
const MOVABLE = ['rbx', 'rsi', 'rdi', 'r13'];
/** Small numbers: the loops' counters, and one that stays. */
const INDICES = ['rcx', 'r14', 'r12', 'r15'];
const NAMES: Readonly<Record<number, readonly string[]>> = {
  8: ['rax', 'rdx', 'r8', 'r9', 'r10', 'r11'],
  4: ['eax', 'edx', 'r8d', 'r9d', 'r10d', 'r11d'],
  2: ['ax', 'dx', 'r8w', 'r9w', 'r10w', 'r11w'],
  1: ['al', 'dl', 'r8b', 'r9b', 'ah', 'dh'],
};
const SIZE_NAMES: Readonly<Record<number, string>> = { 1: 'byte', 2: 'word', 4: 'dword', 8: 'qword', 16: 'xmmword' };
/** Programs that take more are endless. */
export const MOST_STEPS = 4000;
const FUNCTIONS = 3;

/** Assembles them all; those whose code is too long are left out. */
export function generatePrograms(random: Random, count: number): RandomProgram[] {
  const texts = Array.from({ length: count }, (_, n) => new Writer(random, `p${n}`).write());
  const codes = assemble(texts);
  return texts.flatMap((text, n) =>
    codes[n].length > MAX_CODE_BYTES ? [] : [{ text, request: makeRequest(random, codes[n], n) }],
  );
}

function makeRequest(random: Random, code: Uint8Array, slot: number): Request {
  const gpr = Array.from({ length: 16 }, () => random.integer());
  for (const pointer of [3, 5, 6, 7, 13])
    gpr[pointer] = BigInt(WINDOW + 128 + 8 * random.below((WINDOW_BYTES - 256) / 8));
  if (random.chance(4)) gpr[3] = BigInt(WINDOW + WINDOW_BYTES - 16 - random.below(64));
  if (random.chance(3)) gpr[6] = gpr[3] + BigInt(random.below(64) - 32);
  gpr[4] = BigInt(WINDOW + 192 + 8 * random.below(24));
  gpr[1] = BigInt(random.below(5));
  gpr[14] = BigInt(random.below(8));
  gpr[12] = BigInt(random.below(4));
  gpr[15] = BigInt(1 + random.below(6));
  const memory = new Uint8Array(WINDOW_BYTES);
  for (let n = 0; n < WINDOW_BYTES; n += 16) memory.set(random.vector(), n);
  return {
    code,
    address: CODE + 0x100 + (slot % 50) * 1024,
    steps: MOST_STEPS,
    gpr,
    rflags: BigInt(random.u32() & 0x8d5) | 2n,
    fxsave: fxsaveImage(random, false),
    memory,
  };
}

/** One run of `as` for all: position-independent code, each beginning at a label of its own. */
function assemble(texts: readonly string[]): Uint8Array[] {
  const directory = mkdtempSync(join(tmpdir(), 'trapline-programs-'));
  const [source, object, binary] = ['p.s', 'p.o', 'p.bin'].map((name) => join(directory, name));
  const lengths = texts.map((text, n) => `${text}\nend${n}:`).join('\n');
  const table = texts.map((_, n) => `.long start_p${n}, end${n} - start_p${n}`).join('\n');
  writeFileSync(
    source,
    `.intel_syntax noprefix\n.text\nbase:\n${lengths}\n.balign 8\ntable:\n${table.replaceAll('start_', 'code_')}\n`,
  );
  execFileSync('as', ['-o', object, source]);
  execFileSync('ld', ['-Ttext=0', '--oformat=binary', '-e', '0', '-o', binary, object]);
  const bytes = readFileSync(binary);
  const at = bytes.length - texts.length * 8;
  return texts.map((_, n) => {
    const start = bytes.readUInt32LE(at + n * 8);
    return Uint8Array.from(bytes.subarray(start, start + bytes.readUInt32LE(at + n * 8 + 4)));
  });
}

class Writer {
  private readonly lines: string[] = [];
  private labels = 0;
  /** Letters of flags that are undefined. */
  private undefinedFlags = '';
  private depth = 0;
  /** rsp's distance from where it was when the current function (or the program) began; balanced again at its end. */
  private pushed = 0;
  private callable = 0;
  private isInFunction = false;
  private isInLoopOfFunction = false;

  constructor(
    private readonly random: Random,
    private readonly name: string,
  ) {}

  write(): string {
    const { random } = this;
    this.emit(`code_${this.name}: jmp ${this.name}_main`);
    for (let n = 0; n < FUNCTIONS; n++) this.writeFunction(n);
    this.emit(`${this.name}_main:`);
    this.defineFlags();
    const outer = random.chance(2) ? this.label() : undefined;
    if (outer !== undefined) this.emit(`${outer}:`);
    this.body(4 + random.below(8));
    this.balance();
    if (outer !== undefined) {
      this.emit('sub r15, 1');
      this.emit(`jnz ${outer}`);
    }
    return this.lines.join('\n');
  }

  private emit(line: string): void {
    this.lines.push(line);
  }

  private label(): string {
    return `${this.name}_${this.labels++}`;
  }

  private writeFunction(n: number): void {
    const { random } = this;
    this.emit(`${this.name}_f${n}:`);
    this.callable = n;
    this.isInFunction = true;
    this.undefinedFlags = 'cozsp';
    const before = this.pushed;
    this.pushed = 0;
    const hasFrame = random.chance(2);
    if (hasFrame) {
      this.emit('push rbp\nmov rbp, rsp');
      if (random.chance(2)) this.emit(`sub rsp, ${8 * (1 + random.below(4))}`);
      this.undefinedFlags = 'cozsp';
    }
    this.body(1 + random.below(4));
    this.balance();
    if (hasFrame) this.emit('leave');
    this.emit('ret');
    this.pushed = before;
    this.callable = n + 1;
    this.isInFunction = false;
  }

  /** What was pushed is popped again. */
  private balance(): void {
    if (this.pushed === 0) return;
    const { random } = this;
    if (random.chance(2)) this.emit(`lea rsp, [rsp + ${this.pushed}]`);
    else for (; this.pushed > 0; this.pushed -= 8) this.emit(`pop ${random.pick(['rax', 'rdx', 'r9'])}`);
    this.pushed = 0;
  }

  private body(statements: number): void {
    this.depth++;
    for (let n = 0; n < statements; n++) this.statement();
    this.depth--;
  }

  private statement(): void {
    const { random } = this;
    const structured = this.depth < 3 ? random.below(10) : 9;
    if (structured === 0) this.branch(false);
    else if (structured === 1) this.branch(true);
    else if (structured === 2 && !this.isInLoopOfFunction) this.loop();
    else if (structured === 3 && this.callable > 0 && !this.isInLoopOfFunction) this.call();
    else this.simple();
  }

  private condition(): string {
    const { random } = this;
    const n = random.below(16);
    if (Array.from(NEEDS[n >> 1]).some((letter) => this.undefinedFlags.includes(letter))) this.defineFlags();
    return CONDITIONS[n];
  }

  private defineFlags(): void {
    const { random } = this;
    this.emit(`${random.pick(['cmp', 'add', 'sub'])} ${random.pick(NAMES[8])}, ${random.pick(NAMES[8])}`);
    this.undefinedFlags = '';
  }

  private branch(hasElse: boolean): void {
    const { random } = this;
    const condition = this.condition();
    const other = this.label();
    const end = hasElse ? this.label() : other;
    this.emit(random.chance(8) ? `jrcxz ${other}` : `j${condition} ${other}`);
    const before = this.undefinedFlags;
    this.inBalance(() => {
      this.body(1 + random.below(3));
    });
    const after = this.undefinedFlags;
    if (hasElse) {
      this.emit(`jmp ${end}\n${other}:`);
      this.undefinedFlags = before;
      this.inBalance(() => {
        this.body(1 + random.below(3));
      });
    }
    this.emit(`${end}:`);
    this.undefinedFlags = (hasElse ? this.undefinedFlags : before) + after;
  }

  /** Pushes within are popped within. */
  private inBalance(emit: () => void): void {
    const before = this.pushed;
    this.pushed = 0;
    emit();
    this.balance();
    this.pushed = before;
  }

  private loop(): void {
    const { random } = this;
    const start = this.label();
    const counter = this.depth === 1 && !this.isInFunction ? 'r12' : 'rcx';
    const outside = this.isInLoopOfFunction;
    this.isInLoopOfFunction ||= this.isInFunction || counter === 'rcx';
    this.emit(`mov ${counter === 'rcx' ? 'ecx' : 'r12d'}, ${1 + random.below(5)}`);
    this.emit(`${start}:`);
    const before = this.undefinedFlags;
    this.undefinedFlags = 'cozsp';
    this.inBalance(() => {
      this.body(1 + random.below(4));
    });
    this.isInLoopOfFunction = outside;
    if (random.chance(3) && counter === 'rcx') this.emit(`loop ${start}`);
    else {
      this.emit(random.chance(2) ? `dec ${counter}` : `sub ${counter}, 1`);
      this.emit(`jnz ${start}`);
    }
    this.undefinedFlags += before;
  }

  private call(): void {
    const { random } = this;
    const callee = `${this.name}_f${random.below(this.callable)}`;
    if (random.chance(4)) this.emit(`lea r11, [rip + ${callee}]\ncall r11`);
    else this.emit(`call ${callee}`);
    this.undefinedFlags = 'cozsp';
  }

  private memory(bytes: number): string {
    const { random } = this;
    const base = random.chance(3) ? 'rbx' : random.pick(POINTERS);
    const aligned = bytes === 16 && !random.chance(20);
    const displacement = random.chance(8) ? random.below(200) - 100 : 8 * (random.below(10) - 4);
    const index = random.chance(4) ? ` + ${random.pick(INDICES)}*${random.pick([1, 2, 4, 8])}` : '';
    return `${SIZE_NAMES[bytes]} ptr [${base}${aligned ? '' : index} + ${displacement}]`;
  }

  private register(bytes: number): string {
    return this.random.pick(NAMES[bytes]);
  }

  private simple(): void {
    const { random } = this;
    const kinds = [
      () => {
        this.arithmetic();
      },
      () => {
        this.arithmetic();
      },
      () => {
        this.move();
      },
      () => {
        this.move();
      },
      () => {
        this.move();
      },
      () => {
        this.one();
      },
      () => {
        this.conditional();
      },
      () => {
        this.stack();
      },
      () => {
        this.pointer();
      },
      () => {
        this.vector();
      },
      () => {
        this.vector();
      },
      () => {
        this.rare();
      },
    ];
    random.pick(kinds)();
  }

  private size(): number {
    return this.random.pick([1, 2, 4, 4, 8, 8]);
  }

  private arithmetic(): void {
    const { random } = this;
    const name = random.pick(['add', 'sub', 'and', 'or', 'xor', 'cmp', 'test', 'adc', 'sbb']);
    if ((name === 'adc' || name === 'sbb') && this.undefinedFlags.includes('c')) this.defineFlags();
    const bytes = this.size();
    const [r, s, m] = [this.register(bytes), this.register(bytes), this.memory(bytes)];
    const immediate = random.pick([-128, 127, 1, -1, 0, random.below(256) - 128]);
    const forms = [`${r}, ${s}`, `${m}, ${r}`, `${m}, ${immediate}`, `${r}, ${immediate}`];
    if (name !== 'test') forms.push(`${r}, ${m}`);
    this.safe(`${name} ${random.pick(forms)}`);
    this.undefinedFlags = '';
  }

  /** ah and its like do not go with REX. */
  private safe(line: string): void {
    const hasHigh = /\b[ad]h\b/.test(line);
    const needsRex = /\br\d+[bwd]?\b|\b(r[a-d]x|r[sd]i|rbp|rsp)\b(?!.*\])|\b[sd]il\b/.test(line);
    this.emit(hasHigh && needsRex ? line.replaceAll(/\b([ad])h\b/g, '$1l') : line);
  }

  private move(): void {
    const { random } = this;
    const bytes = this.size();
    const [r, m] = [this.register(bytes), this.memory(bytes)];
    const wide = random.pick([4, 8]);
    const narrow = random.pick([1, 2]);
    const forms = [
      `mov ${r}, ${m}`,
      `mov ${m}, ${r}`,
      `mov ${m}, ${r}`,
      `mov ${m}, ${random.below(100) - 50}`,
      `mov ${r}, ${this.register(bytes)}`,
      `movzx ${this.register(wide)}, ${this.memory(narrow)}`,
      `movsx ${this.register(wide)}, ${this.memory(narrow)}`,
      `movsxd ${this.register(8)}, ${this.memory(4)}`,
      `lea ${this.register(8)}, ${this.memory(8).replace('qword ptr ', '')}`,
      `xchg ${m}, ${r}`,
    ];
    this.safe(random.pick(forms));
  }

  private one(): void {
    const { random } = this;
    const bytes = this.size();
    const target = random.chance(2) ? this.memory(bytes) : this.register(bytes);
    const name = random.pick(['inc', 'dec', 'neg', 'not', 'shl', 'shr', 'sar', 'rol', 'ror', 'bt', 'bts', 'btr']);
    if (/^bt/.test(name)) {
      const wide = Math.max(bytes, 2);
      this.safe(`${name} ${random.chance(2) ? this.memory(wide) : this.register(wide)}, ${random.below(wide * 8)}`);
      this.undefinedFlags += 'osp';
    } else if (/^(sh|sa)/.test(name)) {
      const count = 1 + random.below(bytes * 8 - 1);
      this.safe(`${name} ${target}, ${count}`);
      this.undefinedFlags = count === 1 ? '' : 'o';
    } else if (/^ro/.test(name)) {
      const count = 1 + random.below(bytes * 8 - 1);
      this.safe(`${name} ${target}, ${count}`);
      if (count > 1) this.undefinedFlags += 'o';
    } else {
      this.safe(`${name} ${target}`);
      if (name === 'neg') this.undefinedFlags = '';
      if (name === 'inc' || name === 'dec') this.undefinedFlags = this.undefinedFlags.includes('c') ? 'c' : '';
    }
  }

  private conditional(): void {
    const { random } = this;
    const condition = this.condition();
    const wide = random.pick([2, 4, 8]);
    const forms = [
      `set${condition} ${this.register(1)}`,
      `set${condition} ${this.memory(1)}`,
      `cmov${condition} ${this.register(wide)}, ${this.register(wide)}`,
      `cmov${condition} ${this.register(wide)}, ${this.memory(wide)}`,
    ];
    this.safe(random.pick(forms));
  }

  private stack(): void {
    const { random } = this;
    const form = random.below(5);
    if (this.pushed > 0 && random.chance(2)) {
      this.emit(form === 0 ? `pop ${this.memory(8)}` : `pop ${this.register(8)}`);
      this.pushed -= 8;
      return;
    }
    this.emit(`push ${[this.register(8), this.memory(8), String(random.below(512) - 256), 'rsp', 'rbx'][form]}`);
    this.pushed += 8;
  }

  /** Pointers get other values, mostly ones that can be followed. */
  private pointer(): void {
    const { random } = this;
    const [target, other] = [random.pick(MOVABLE), random.pick(MOVABLE)];
    const step = random.pick([8, -8, 16, -16, 1, -128, 128, 64]);
    const forms = [
      `lea ${target}, [${target} + ${step}]`,
      `lea ${target}, [${other} + ${step}]`,
      `lea ${target}, [${other} + r14*4 + 8]`,
      `mov ${target}, ${other}`,
      `xchg ${target}, ${other}`,
      `lea ${target}, [rsp - 16]`,
      `push ${target}\npop ${other}`,
      `mov ${target === 'r13' ? 'r13d' : target.replace('r', 'e')}, ${other === 'r13' ? 'r13d' : other.replace('r', 'e')}`,
    ];
    if (random.chance(3)) {
      this.emit(`${random.pick(['add', 'sub'])} ${target}, ${random.pick([8, 16, -128, 1, 32])}`);
      this.undefinedFlags = '';
    } else this.emit(random.pick(forms));
  }

  private vector(): void {
    const { random } = this;
    const [x, y] = [`xmm${random.below(4)}`, `xmm${random.below(4)}`];
    const m = this.memory(16);
    const forms = [
      `movups ${x}, ${m}`,
      `movups ${m}, ${x}`,
      `movdqu ${m}, ${x}`,
      `movaps ${m.replace('rbx', 'rsp')}, ${x}`,
      `movdqa ${x}, ${y}`,
      `paddd ${x}, ${y}`,
      `pxor ${x}, ${y}`,
      `pshufd ${x}, ${y}, ${random.below(256)}`,
      `punpcklbw ${x}, ${y}`,
      `movq ${x}, ${this.memory(8)}`,
      `movq ${this.memory(8)}, ${x}`,
      `movd ${this.register(4)}, ${x}`,
      `movq ${x}, ${this.register(8)}`,
      `movhps ${x}, ${this.memory(8)}`,
      `movlpd ${this.memory(8)}, ${x}`,
      `movss ${x}, ${this.memory(4)}`,
      `movss ${this.memory(4)}, ${x}`,
      `movsd ${this.memory(8)}, ${x}`,
      `pmovmskb ${this.register(4)}, ${x}`,
    ];
    this.emit(random.pick(forms));
  }

  private rare(): void {
    const { random } = this;
    const bytes = random.pick([2, 4, 8]);
    const forms: readonly (readonly [string, string])[] = [
      [`nop ${this.memory(4)}`, 'keeps'],
      [`prefetcht0 ${this.memory(1)}`, 'keeps'],
      ['lfence', 'keeps'],
      [`imul ${this.register(bytes)}, ${this.memory(bytes)}`, 'szp'],
      [`imul ${this.register(bytes)}, ${this.register(bytes)}, ${random.below(100) - 50}`, 'szp'],
      [`mul ${this.memory(bytes)}`, 'szp'],
      [`xadd ${this.memory(bytes)}, ${this.register(bytes)}`, 'sets'],
      [`cmpxchg ${this.memory(bytes)}, ${this.register(bytes)}`, 'sets'],
      [`lock add ${this.memory(bytes)}, 1`, 'sets'],
      [`shl ${this.register(4)}, cl`, 'coszp'],
      [`mov r10, rdi\nlea rdi, ${this.memory(8).replace('qword ptr ', '')}\nstosq\nmov rdi, r10`, 'keeps'],
      [
        `mov r9, rsi\nmov r10, rdi\nmov r11, rcx\nmov ecx, 3\nrep movsb\nmov rsi, r9\nmov rdi, r10\nmov rcx, r11`,
        'keeps',
      ],
      ['cdqe', 'keeps'],
      ['cqo', 'keeps'],
      ['stc', 'carry'],
      ['cmc', 'carry'],
      [`bswap ${this.register(8)}`, 'keeps'],
      [`push rbp\nmov rbp, rsp\nmov qword ptr [rbp - 8], rax\nmov rdx, qword ptr [rbp - 16]\nleave`, 'keeps'],
    ];
    const [line, flags] = random.pick(forms);
    if (line === 'cmc' && this.undefinedFlags.includes('c')) return;
    this.emit(line);
    if (flags === 'sets') this.undefinedFlags = '';
    else if (flags === 'carry') this.undefinedFlags = this.undefinedFlags.replaceAll('c', '');
    else if (flags === 'szp') this.undefinedFlags = 'szp';
    else if (flags !== 'keeps') this.undefinedFlags += flags;
  }
}
