// displays.ts: what `display` shows at each stop, by number.

export interface Display {
  readonly number: number;
  readonly expression: string;
  /** After the slash, '' where there was none. */
  readonly format: string;
  enabled: boolean;
}

export class Displays {
  private all: readonly Display[] = [];
  private count = 0;

  add(expression: string, format: string): Display {
    const display = { number: ++this.count, expression, format, enabled: true };
    this.all = [...this.all, display];
    return display;
  }

  remove(number: number): void {
    this.all = this.all.filter((display) => display.number !== number);
  }

  list(): readonly Display[] {
    return this.all;
  }
}
