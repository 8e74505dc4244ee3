// qualified-name.ts: the parts of a C++ or Rust name: `ns::Box<std::pair<int, char> >::made`.

/** The last part of a qualified name; `::` inside template arguments does not count. */
export function lastPart(name: string): string {
  let depth = 0;
  for (let at = name.length - 1; at > 0; at--) {
    const char = name[at];
    if (char === '>' || char === ')' || char === '}') depth++;
    else if (char === '<' || char === '(' || char === '{') depth--;
    else if (depth === 0 && char === ':' && name[at - 1] === ':') return name.slice(at + 1);
  }
  return name;
}

const ANONYMOUS = '(anonymous namespace)::';

/** As an expression may write it: an anonymous namespace's names are those of what is around it. */
export const writableName = (name: string): string =>
  name.includes(ANONYMOUS) ? name.replaceAll(ANONYMOUS, '') : name;
