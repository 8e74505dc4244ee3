// xml.ts: XML 1.0 as far as reports need it, read strictly: elements, attributes, text. Throws for what is not well-formed.

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
// eslint-disable-next-line no-control-regex -- what XML has no character for
const NO_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

export function readXml(text: string): Element {
  if (NO_CHARACTER.test(text)) throw new Error('a character that XML does not have');
  const start = /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/.exec(text)?.[0].length ?? 0;
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const token =
    /<(?<end>\/)?(?<name>[A-Za-z][\w-]*)(?<attributes>(?:\s+[\w-]+="[^"<]*")*)\s*(?<empty>\/)?>|(?<text>[^<]+)/gy;
  token.lastIndex = start;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const parts = token.exec(text)?.groups;
    if (parts === undefined) throw new Error(`no markup: ${text.slice(at, at + 40)}`);
    const parent = open[open.length - 1];
    if ((parts as Partial<typeof parts>).text !== undefined) parent.text += plain(parts.text);
    else if ((parts as Partial<typeof parts>).end !== undefined) {
      if (open.length < 2 || open.pop()?.name !== parts.name) throw new Error(`${parts.name} ends and has not begun`);
    } else {
      const element = { name: parts.name, attributes: attributesOf(parts.attributes), children: [], text: '' };
      parent.children.push(element);
      if ((parts as Partial<typeof parts>).empty === undefined) open.push(element);
    }
  }
  if (open.length !== 1 || root.children.length !== 1 || root.text.trim() !== '')
    throw new Error('not one root element');
  return root.children[0];
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/([\w-]+)="([^"<]*)"/g)) {
    if (Object.hasOwn(found, name)) throw new Error(`${name} twice`);
    found[name] = plain(value);
  }
  return found;
}

function plain(text: string): string {
  return text.replace(/&(?:#(\d+)|(\w+));|&/g, (whole, code: string | undefined, name: string | undefined) => {
    const character = code === undefined ? ENTITIES[name ?? ''] : String.fromCodePoint(Number(code));
    if ((character as string | undefined) === undefined) throw new Error(`no entity: ${whole}`);
    return character;
  });
}
