// stable-rows.ts: the same object for the same row, from one state of the view to the next.
//
// VS Code knows rows by their objects. Where all are drawn anew it forgets them for a moment, and a command from a row's
// menu gets no row: that must not happen a few times a second, as hits are counted. So a row that is there already is
// changed in place, and only those that look different are drawn again.
//
// Pure. Rows are found by `id`, which is unique in the tree.

import type { Row } from './register-rows';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export class StableRows {
  private known = new Map<string, Mutable<Row>>();
  private shown: readonly Row[] = [];

  get roots(): readonly Row[] {
    return this.shown;
  }

  /** Answers the rows that must be drawn again; `all` where the roots are others. */
  update(rows: readonly Row[]): 'all' | readonly Row[] {
    const before = this.shown;
    const kept = new Map<string, Mutable<Row>>();
    const changed: Row[] = [];
    this.shown = rows.map((row) => this.merged(row, kept, changed));
    this.known = kept;
    return hasSameIds(before, this.shown) ? changed : 'all';
  }

  private merged(row: Row, kept: Map<string, Mutable<Row>>, changed: Row[]): Row {
    const children = row.children.map((child) => this.merged(child, kept, changed));
    const known = this.known.get(row.id);
    const isChanged = known !== undefined && !(looksSame(known, row) && hasSameIds(known.children, children));
    const stable = Object.assign(known ?? { ...row }, row, { children });
    kept.set(row.id, stable);
    // What is no longer said must not stay.
    for (const name of OPTIONAL) if (row[name] === undefined) Reflect.deleteProperty(stable, name);
    if (isChanged) changed.push(stable);
    return stable;
  }
}

const OPTIONAL = ['address', 'symbol', 'watchId', 'isChecked'] as const satisfies readonly (keyof Row)[];
const LOOKS = [
  'label',
  'description',
  'tooltip',
  'accessibilityLabel',
  'icon',
  'contextValue',
  'isChecked',
] as const satisfies readonly (keyof Row)[];

const looksSame = (a: Row, b: Row): boolean => LOOKS.every((name) => a[name] === b[name]);

const hasSameIds = (a: readonly Row[], b: readonly Row[]): boolean =>
  a.length === b.length && a.every(({ id }, at) => id === b[at].id);
