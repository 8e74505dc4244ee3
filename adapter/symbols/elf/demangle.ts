// demangle.ts: a C++ symbol's name as it is written: `_ZNSt6vectorIiSaIiEE9push_backERKi` → `std::vector<int,
// std::allocator<int> >::push_back`.
//
// Without the parameters, as debug information names functions. A name that is malformed, or has what is not known here
// (expressions in template arguments), stays as it is. Reads text, knows no symbols.
// Truth: the Itanium C++ ABI, 5.1. Rust's old names are in the same form, with escapes and a hash at the end.

import { BUILTIN_TYPES, OPERATORS, SHORT_NAMES } from './mangled-names.table';

/** Names grow by substitution: longer ones are shown as they are in the file. */
const MOST_LETTERS = 4096;
const MAX_DEPTH = 64;
const KNOWN_MOST = 20_000;

const known = new Map<string, string>();

/** The name as the program's source has it; itself where it is not mangled. */
export function demangled(symbol: string): string {
  if (!symbol.startsWith('_Z')) return symbol;
  let name = known.get(symbol);
  if (name === undefined) {
    if (known.size >= KNOWN_MOST) known.clear();
    known.set(symbol, (name = spelled(symbol)));
  }
  return name;
}

function spelled(symbol: string): string {
  const rust = rustName(symbol.slice(2));
  if (rust !== undefined) return rust;
  const [, mangled = '', clone = ''] = /^_Z([^.@]*)(.*)$/s.exec(symbol) ?? [];
  try {
    const name = new Reader(mangled).symbol();
    return clone.startsWith('.') ? `${name} [clone ${clone}]` : name + clone;
  } catch (error) {
    if (error instanceof Unknown) return symbol;
    throw error;
  }
}

const RUST_ESCAPES: Readonly<Record<string, string>> = { LT: '<', GT: '>', RF: '&', LP: '(', RP: ')', C: ',', BP: '*' };

/** `N3foo3bar17h0123456789abcdefE`, without its hash. */
function rustName(text: string): string | undefined {
  const mangled = /^N.*17h[0-9a-f]{16}E/s.exec(text)?.[0];
  if (mangled === undefined) return undefined;
  const parts: string[] = [];
  for (let at = 1; at < mangled.length - 21;) {
    const digits = /^\d+/.exec(mangled.slice(at))?.[0];
    if (digits === undefined) return undefined;
    at += digits.length + Number(digits);
    parts.push(mangled.slice(at - Number(digits), at));
  }
  const plain = (part: string): string =>
    part
      .replace(/^_(?=\$)/, '')
      .replaceAll('..', '::')
      .replace(/\$(u[0-9a-f]{1,6}|[A-Z]{1,2})\$/g, (whole: string, name: string) =>
        name.startsWith('u') ? String.fromCodePoint(parseInt(name.slice(1), 16)) : (RUST_ESCAPES[name] ?? whole),
      );
  return parts.map(plain).join('::');
}

/** Not a name that is understood here. */
class Unknown extends Error {}

/** A type around its declarator: `int (*` and `)(char)`. */
interface Spelling {
  readonly left: string;
  readonly right: string;
  /** A pointer to it needs brackets. */
  readonly binds?: true;
}

/** Before `<`. */
const apart = (text: string): string => (text.endsWith('<') ? `${text} ` : text);
const plain = (left: string): Spelling => ({ left, right: '' });
const whole = ({ left, right }: Spelling): string => left + right;

class Reader {
  private at = 0;
  private depth = 0;
  private readonly substitutions: Spelling[] = [];
  private templateArguments: readonly string[] = [];

  constructor(private readonly text: string) {}

  symbol(): string {
    const special = SPECIALS.find(([code]) => this.text.startsWith(code, this.at));
    if (special === undefined) return this.name().text;
    const [code, words] = special;
    this.at += code.length;
    if (code === 'Th' || code === 'Tv') {
      if (!this.skip(code === 'Th' ? /n?\d+_/y : /n?\d+_n?\d+_/y)) throw new Unknown();
      return words + this.symbol();
    }
    return words + (code.startsWith('T') ? whole(this.type()) : this.name().text);
  }

  // Names ------------------------------------------------------------------------------------------------------------

  private name(): { readonly text: string; readonly isTemplate: boolean } {
    return this.deeper(() => {
      if (this.take('N')) return this.nested();
      if (this.take('Z')) return { text: this.local(), isTemplate: false };
      let text: string;
      if (this.text[this.at] === 'S' && this.text[this.at + 1] !== 't') text = whole(this.substitution());
      else {
        const scope = this.take('St') ? 'std::' : '';
        text = scope + this.unqualified(scope);
        if (this.peek('I')) this.substitutions.push(plain(text));
      }
      return this.peek('I')
        ? { text: apart(text) + this.argumentList(), isTemplate: true }
        : { text, isTemplate: false };
    });
  }

  private nested(): { readonly text: string; readonly isTemplate: boolean } {
    this.skip(/[rVK]*[RO]?/y);
    let text = '';
    let isTemplate = false;
    while (!this.take('E')) {
      if (this.take('St')) {
        text = 'std';
        continue;
      }
      if (text === '' && this.peek('S')) {
        text = whole(this.substitution());
        continue;
      }
      isTemplate = this.peek('I');
      if (isTemplate) text = apart(text) + this.argumentList();
      else if (text === '' && this.peek('T')) text = this.templateParameter();
      else text += (text === '' ? '' : '::') + this.unqualified(text);
      this.substitutions.push(plain(text));
    }
    // The last one is what the name itself is; a type is noted where it is read.
    this.substitutions.pop();
    return { text, isTemplate };
  }

  private local(): string {
    const outer = this.encoding();
    if (!this.take('E')) throw new Unknown();
    if (this.take('s')) {
      this.skip(/_\d|__\d+_/y);
      return `${outer}::string literal`;
    }
    const inner = this.name().text;
    this.skip(/_\d|__\d+_/y);
    return `${outer}::${inner}`;
  }

  /** A function with its parameters, which are read and left out. */
  private encoding(): string {
    const { text, isTemplate } = this.name();
    if (isTemplate && !/::~?[\w]+$/.test(text)) this.type();
    while (!this.peek('E') && this.at < this.text.length) this.type();
    return text;
  }

  private unqualified(scope: string): string {
    this.take('L');
    const text = this.unqualifiedName(scope);
    let tags = '';
    while (this.take('B')) tags += `[abi:${this.identifier()}]`;
    return text + tags;
  }

  private unqualifiedName(scope: string): string {
    if (/\d/.test(this.text[this.at] ?? '')) return this.identifier();
    if (this.skip(/CI[12]/y)) return lastName(whole(this.type()));
    if (this.skip(/C[123]/y)) return lastName(scope);
    if (this.skip(/D[0-5]/y)) return `~${lastName(scope)}`;
    if (this.take('Ut')) return `{unnamed type#${this.ordinal()}}`;
    if (this.take('Ul')) {
      const types: string[] = [];
      while (!this.take('E')) types.push(whole(this.type()));
      return `{lambda(${types.join(', ') === 'void' ? '' : types.join(', ')})#${this.ordinal()}}`;
    }
    if (this.take('cv')) return `operator ${whole(this.type())}`;
    if (this.take('li')) return `operator"" ${this.identifier()}`;
    const operator = OPERATORS[this.text.slice(this.at, this.at + 2)];
    if (operator === undefined) throw new Unknown();
    this.at += 2;
    return `operator${operator}`;
  }

  private identifier(): string {
    const length = Number(this.skip(/\d+/y) ?? NaN);
    const text = this.text.slice(this.at, this.at + length);
    if (!(length > 0) || text.length < length) throw new Unknown();
    this.at += length;
    return text.startsWith('_GLOBAL__N') ? '(anonymous namespace)' : text;
  }

  /** `_` is the first, `0_` the second. */
  private ordinal(): number {
    const digits = this.skip(/\d*_/y);
    if (digits === undefined) throw new Unknown();
    return digits === '_' ? 1 : Number(digits.slice(0, -1)) + 2;
  }

  private substitution(): Spelling {
    const short = SHORT_NAMES[this.text.slice(this.at, this.at + 2)];
    if (short !== undefined) {
      this.at += 2;
      return plain(short);
    }
    const code = this.skip(/S[0-9A-Z]*_/y);
    if (code === undefined) throw new Unknown();
    const index = code === 'S_' ? 0 : parseInt(code.slice(1, -1), 36) + 1;
    const found = this.substitutions.at(index);
    if (found === undefined) throw new Unknown();
    return found;
  }

  private templateParameter(): string {
    const code = this.skip(/T\d*_/y);
    if (code === undefined) throw new Unknown();
    const found = this.templateArguments.at(code === 'T_' ? 0 : Number(code.slice(1, -1)) + 1);
    if (found === undefined) throw new Unknown();
    return found;
  }

  private argumentList(): string {
    if (!this.take('I')) throw new Unknown();
    const all = this.argumentsUntilEnd();
    this.templateArguments = all;
    const text = all.filter((each) => each !== '').join(', ');
    if (text.length > MOST_LETTERS) throw new Unknown();
    return `<${text}${text.endsWith('>') ? ' ' : ''}>`;
  }

  private argumentsUntilEnd(): string[] {
    const all: string[] = [];
    while (!this.take('E')) {
      if (this.at >= this.text.length) throw new Unknown();
      if (this.take('J')) all.push(this.argumentsUntilEnd().join(', '));
      else if (this.take('L')) all.push(this.literal());
      else all.push(whole(this.type()));
    }
    return all;
  }

  private literal(): string {
    if (this.take('_Z')) {
      const name = this.encoding();
      if (!this.take('E')) throw new Unknown();
      return `&${name}`;
    }
    const code = this.text.slice(this.at, this.at + 1);
    const type = whole(this.type());
    const digits = this.skip(/n?\d*/y)?.replace('n', '-') ?? '';
    if (!this.take('E')) throw new Unknown();
    if (code === 'b') return digits === '0' ? 'false' : 'true';
    const suffix = LITERAL_SUFFIXES[code];
    return suffix === undefined ? `(${type})${digits}` : digits + suffix;
  }

  // Types ------------------------------------------------------------------------------------------------------------

  private type(): Spelling {
    return this.deeper(() => {
      const builtin = BUILTIN_TYPES[this.skipBuiltin()];
      if (builtin !== undefined) return plain(builtin);
      if (this.peek('S') && this.text[this.at + 1] !== 't') return this.substitutedType();
      const type = this.compoundType();
      this.substitutions.push(type);
      return type;
    });
  }

  private skipBuiltin(): string {
    return this.skip(/D[dehfnaicsu]|[vwbcahstijlmxynofdegz]/y) ?? '';
  }

  private substitutedType(): Spelling {
    const found = this.substitution();
    if (!this.peek('I')) return found;
    const type = plain(whole(found) + this.argumentList());
    this.substitutions.push(type);
    return type;
  }

  private compoundType(): Spelling {
    const qualifiers = this.skip(/[rVK]+/y);
    if (qualifiers !== undefined && qualifiers !== '') return qualified(this.type(), qualifiers);
    if (this.take('P')) return pointer(this.type(), '*');
    if (this.take('R')) return pointer(this.type(), '&');
    if (this.take('O')) return pointer(this.type(), '&&');
    if (this.take('Dp')) return this.type();
    if (this.take('F')) return this.functionType();
    if (this.take('A')) {
      const length = this.skip(/\d*/y) ?? '';
      if (!this.take('_')) throw new Unknown();
      const element = this.type();
      return { left: element.left, right: ` [${length}]${element.right}`, binds: true };
    }
    if (this.take('M')) {
      const owner = whole(this.type());
      return pointer(this.type(), `${owner}::*`);
    }
    if (this.peek('T')) {
      const parameter = this.templateParameter();
      if (!this.peek('I')) return plain(parameter);
      this.substitutions.push(plain(parameter));
      return plain(parameter + this.argumentList());
    }
    return plain(this.name().text);
  }

  private functionType(): Spelling {
    this.take('Y');
    const result = this.type();
    const parameters: string[] = [];
    while (!this.skip(/[RO]?E/y)) parameters.push(whole(this.type()));
    const inside = parameters.length === 1 && parameters[0] === 'void' ? '' : parameters.join(', ');
    return { left: `${result.left} `, right: `(${inside})${result.right}`, binds: true };
  }

  // Letters ----------------------------------------------------------------------------------------------------------

  private deeper<T>(read: () => T): T {
    if (++this.depth > MAX_DEPTH || this.at >= this.text.length) throw new Unknown();
    const result = read();
    this.depth--;
    return result;
  }

  private peek(word: string): boolean {
    return this.text.startsWith(word, this.at);
  }

  private take(word: string): boolean {
    if (!this.peek(word)) return false;
    this.at += word.length;
    return true;
  }

  /** What the sticky pattern matches here. */
  private skip(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }
}

const SPECIALS: readonly (readonly [string, string])[] = [
  ['TV', 'vtable for '],
  ['TT', 'VTT for '],
  ['TI', 'typeinfo for '],
  ['TS', 'typeinfo name for '],
  ['Th', 'non-virtual thunk to '],
  ['Tv', 'virtual thunk to '],
  ['GV', 'guard variable for '],
];

const LITERAL_SUFFIXES: Readonly<Partial<Record<string, string>>> = {
  i: '',
  j: 'u',
  l: 'l',
  m: 'ul',
  x: 'll',
  y: 'ull',
};

function pointer(target: Spelling, mark: string): Spelling {
  if (target.binds !== true)
    return { left: target.left + (mark.includes('::') ? ` ${mark}` : mark), right: target.right };
  const left = target.right.startsWith(' ') ? `${target.left} ` : target.left;
  return { left: `${left}(${mark}`, right: `)${target.right}` };
}

function qualified(type: Spelling, letters: string): Spelling {
  const words = letters
    .split('')
    .reverse()
    .map((letter) => (letter === 'K' ? ' const' : letter === 'V' ? ' volatile' : ' restrict'));
  return { ...type, left: type.left + words.join('') };
}

/** Of `std::vector<int>` it is `vector`. */
function lastName(full: string): string {
  const scope = full.replace(/\[abi:\w+\]$/, '');
  let depth = 0;
  let end = scope.length;
  for (let at = scope.length - 1; at >= 0; at--) {
    const letter = scope[at];
    if (letter === '>') depth++;
    else if (letter === '<') {
      depth--;
      if (depth === 0) end = at;
    } else if (depth === 0 && letter === ':') return scope.slice(at + 1, end);
  }
  return scope.slice(0, end);
}
