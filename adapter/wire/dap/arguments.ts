// arguments.ts: reads a request's arguments without trusting them.
//
// An editor may send anything. Each reader either gives the type that was asked for or throws a UserError that names
// the request and the argument. Knows no request.

import { UserError } from '../../util/user-error';

export class Arguments {
  private constructor(
    private readonly owner: string,
    private readonly fields: Readonly<Record<string, unknown>>,
  ) {}

  static of(owner: string, value: unknown): Arguments {
    return new Arguments(owner, isRecord(value) ? value : {});
  }

  /** The arguments as they came. */
  get raw(): Readonly<Record<string, unknown>> {
    return this.fields;
  }

  string(name: string): string {
    return this.optionalString(name) ?? this.missing(name, 'a string');
  }

  optionalString(name: string): string | undefined {
    const value = this.fields[name];
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' ? value : this.missing(name, 'a string');
  }

  number(name: string): number {
    return this.optionalNumber(name) ?? this.missing(name, 'a number');
  }

  optionalNumber(name: string): number | undefined {
    const value = this.fields[name];
    if (value === undefined || value === null) return undefined;
    return typeof value === 'number' && Number.isFinite(value) ? value : this.missing(name, 'a number');
  }

  boolean(name: string): boolean {
    return this.fields[name] === true;
  }

  /** An object; missing counts as empty. */
  object(name: string): Arguments {
    return Arguments.of(`${this.owner}: ${name}`, this.fields[name]);
  }

  /** A list of objects; missing counts as empty. */
  list(name: string): readonly Arguments[] {
    const value = this.fields[name];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) return this.missing(name, 'a list');
    return value.map((entry: unknown, index) => Arguments.of(`${this.owner}: ${name}[${index}]`, entry));
  }

  strings(name: string): readonly string[] {
    const value = this.fields[name];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) return this.missing(name, 'a list of strings');
    return value.map((entry: unknown) => (typeof entry === 'string' ? entry : this.missing(name, 'a list of strings')));
  }

  private missing(name: string, what: string): never {
    throw badArgument(this.owner, name, what);
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function badArgument(owner: string, name: string, what: string): UserError {
  return new UserError('bad-argument', `The request \`${owner}\` needs \`${name}\` to be ${what}.`);
}
