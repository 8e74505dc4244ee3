// vma-list.ts: which address ranges a process has mapped, to what, and with which rights.
//
// Sorted, never overlapping; neighbours are not merged unless they continue each other. Addresses are plain numbers
// in mm/: user addresses lie below 2^47 and are exact in a double. Touches no memory.
// Truth: mmap(2), proc(5) "maps".

export interface VmaFile {
  readonly path: string;
  readonly inode: number;
  readonly device: number;
}

/** What several mappings share: the bytes outside any one address space. See shared-memory.ts. */
export interface SharedBacking {
  bytes: Uint8Array;
  /** Address spaces that map it. */
  users: number;
  /** Writes bytes back to the file behind it. */
  readonly flush?: (offset: number, bytes: Uint8Array) => void;
  /** The last mapping is gone. */
  readonly released?: () => void;
}

export interface Vma {
  readonly start: number;
  readonly end: number;
  /** PROT_ bits. */
  readonly prot: number;
  readonly shared: boolean;
  /** For shared ones: where the bytes belong. */
  readonly backing?: SharedBacking;
  readonly file?: VmaFile;
  /** Offset of `start` in the file or backing. */
  readonly offset: number;
  /** `[heap]`, `[stack]`, or empty. */
  readonly name: string;
  /** One piece for life: not to be split or grown, and not inherited by fork. */
  readonly isWhole?: boolean;
}

export class VmaList {
  private list: Vma[] = [];

  all(): readonly Vma[] {
    return this.list;
  }

  clone(): VmaList {
    const copy = new VmaList();
    copy.list = [...this.list];
    return copy;
  }

  find(address: number): Vma | undefined {
    const index = this.firstEndingAfter(address);
    const vma = this.list.at(index);
    return index < this.list.length && vma !== undefined && vma.start <= address ? vma : undefined;
  }

  /** The parts of VMAs that lie in [start, end), cut to it. */
  within(start: number, end: number): Vma[] {
    const parts: Vma[] = [];
    for (let i = this.firstEndingAfter(start); i < this.list.length; i++) {
      const vma = this.list[i];
      if (vma.start >= end) break;
      parts.push(cut(vma, Math.max(vma.start, start), Math.min(vma.end, end)));
    }
    return parts;
  }

  /** True if every byte of [start, end) is mapped. */
  covers(start: number, end: number): boolean {
    let reached = start;
    for (const part of this.within(start, end)) {
      if (part.start > reached) return false;
      reached = part.end;
    }
    return reached >= end;
  }

  /** Adds a VMA, replacing what was there. */
  insert(vma: Vma): void {
    this.remove(vma.start, vma.end);
    const index = this.firstEndingAfter(vma.start);
    this.list.splice(index, 0, vma);
    this.mergeAround(index);
  }

  /** Takes [start, end) out, splitting VMAs that reach beyond. */
  remove(start: number, end: number): void {
    const first = this.firstEndingAfter(start);
    let last = first;
    const rest: Vma[] = [];
    while (last < this.list.length && this.list[last].start < end) {
      const vma = this.list[last];
      if (vma.start < start) rest.push(cut(vma, vma.start, start));
      if (vma.end > end) rest.push(cut(vma, end, vma.end));
      last++;
    }
    this.list.splice(first, last - first, ...rest);
  }

  protect(start: number, end: number, prot: number): void {
    for (const part of this.within(start, end)) {
      if (part.prot !== prot) this.insert({ ...part, prot });
    }
  }

  /** Highest gap of that size in [low, high), or undefined. */
  findGapDown(lengthBytes: number, low: number, high: number): number | undefined {
    let top = high;
    for (let i = this.list.length - 1; i >= 0; i--) {
      const vma = this.list[i];
      if (vma.start >= top) continue;
      if (top - vma.end >= lengthBytes && top - lengthBytes >= low) return top - lengthBytes;
      top = Math.min(top, vma.start);
      if (top <= low) return undefined;
    }
    return top - lengthBytes >= low ? top - lengthBytes : undefined;
  }

  /** Index of the first VMA whose end lies above the address. */
  private firstEndingAfter(address: number): number {
    let low = 0;
    let high = this.list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.list[middle].end <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private mergeAround(index: number): void {
    for (let i = Math.min(index, this.list.length - 2); i >= Math.max(0, index - 1); i--) {
      const left = this.list[i];
      const right = this.list[i + 1];
      if (continues(left, right)) this.list.splice(i, 2, { ...left, end: right.end });
    }
  }
}

function cut(vma: Vma, start: number, end: number): Vma {
  if (start === vma.start && end === vma.end) return vma;
  return { ...vma, start, end, offset: hasOffset(vma) ? vma.offset + (start - vma.start) : vma.offset };
}

function continues(left: Vma, right: Vma): boolean {
  return (
    left.end === right.start &&
    left.prot === right.prot &&
    left.shared === right.shared &&
    left.name === right.name &&
    left.file?.path === right.file?.path &&
    left.file?.inode === right.file?.inode &&
    left.backing === right.backing &&
    left.isWhole !== true &&
    (!hasOffset(left) || left.offset + (left.end - left.start) === right.offset)
  );
}

function hasOffset(vma: Vma): boolean {
  return vma.file !== undefined || vma.backing !== undefined;
}
