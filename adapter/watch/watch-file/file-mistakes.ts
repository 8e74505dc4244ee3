// file-mistakes.ts: what may be wrong with the text of a `.watch` file, one factory per mistake.
//
// Each says what is wrong and what to write instead; where that is certain, with a fix.

import { ACCESSES, CLAUSES, MEANT, SETTINGS, VERBS } from './keywords.table';
import { nearestName } from '../../symbols/expression/suggest';
import type { FileSpan, Fix, Mistake, Spelled, WatchLine } from './syntax';

const quote = (text: string): string => `\`${text}\``;
const listed = (words: readonly string[]): string => words.map(quote).join(', ');

const error = (code: string, span: FileSpan, message: string, fixes?: readonly Fix[]): Mistake => ({
  code: `watch-file.${code}`,
  severity: 'error',
  span,
  message,
  ...(fixes === undefined || fixes.length === 0 ? {} : { fixes }),
});

/** The word that was probably meant. */
function meantWord(word: string, known: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const meant = Object.hasOwn(MEANT, lower) ? MEANT[lower] : undefined;
  if (meant !== undefined && known.some((each) => meant === each || meant.startsWith(`${each} `))) return meant;
  return nearestName(word, known);
}

function replaced(span: FileSpan, meant: string | undefined): readonly Fix[] {
  return meant === undefined ? [] : [{ title: `Write "${meant}"`, span, text: meant }];
}

const didYouMean = (meant: string | undefined): string => (meant === undefined ? '' : ` Did you mean ${quote(meant)}?`);

export function unknownStatement({ text, span }: Spelled): Mistake {
  const known = [...Object.keys(VERBS), ...Object.keys(SETTINGS)];
  const meant = meantWord(text, known);
  return error(
    'unknown-word',
    span,
    `A line begins with ${listed(known)} or #, not with ${quote(text)}.${didYouMean(meant)}`,
    replaced(span, meant),
  );
}

export function accessMissing(keyword: Spelled, at: FileSpan): Mistake {
  const fixes = Object.keys(ACCESSES).map((access) => ({
    title: `Write "${keyword.text} ${access}"`,
    span: { ...at, end: at.start },
    text: `${access} `,
  }));
  return error(
    'access-missing',
    at,
    `Say which access is meant: ${quote(`${keyword.text} write …`)}, or ${listed(Object.keys(ACCESSES).slice(1))}.`,
    fixes,
  );
}

export function unknownAccess({ text, span }: Spelled): Mistake {
  const known = Object.keys(ACCESSES);
  const meant = meantWord(text, known);
  return error(
    'unknown-access',
    span,
    `${quote(text)} is no access: write ${listed(known)}.${didYouMean(meant)}`,
    replaced(span, meant),
  );
}

export function placeMissing(line: Pick<WatchLine, 'keyword'>, at: FileSpan): Mistake {
  return error(
    'place-missing',
    at,
    `Name what to ${line.keyword.text === 'never' ? 'guard' : line.keyword.text}: a variable, a member (\`queue.head\`), ` +
      'an element (`table[3]`), `file.c:name`, or an address with `bytes N`.',
  );
}

export function unknownClause({ text, span }: Spelled): Mistake {
  const known = Object.keys(CLAUSES);
  const meant = meantWord(text, known);
  return error(
    'unknown-clause',
    span,
    `${quote(text)} is not known here. After the place may follow ${listed(known)}, or a text in quotes.${didYouMean(meant)}`,
    replaced(span, meant),
  );
}

export function clauseTwice({ text, span }: Spelled): Mistake {
  return error('clause-twice', span, `${quote(text)} stands twice in this line: take one away, or join them.`);
}

export function valueMissing(keyword: Spelled, form: string): Mistake {
  return error(
    'value-missing',
    keyword.span,
    `Something is missing after ${quote(keyword.text)}: write ${quote(form)}.`,
  );
}

export function notANumber(value: Spelled, form: string, low: number, high: number): Mistake {
  return error(
    'not-a-number',
    value.span,
    `${quote(value.text)} is no whole number from ${low} to ${high}: write ${quote(form)}.`,
  );
}

export function badHit(value: Spelled): Mistake {
  return error(
    'bad-hit-count',
    value.span,
    `${quote(value.text)} is no hit count. Write \`hit 5\` for the fifth, \`hit >= 5\` for it and later ones, ` +
      '`every 5` for each fifth.',
  );
}

export function threadMissing(keyword: Spelled): Mistake {
  const span = keyword.span;
  return error('thread-missing', span, 'Write `in thread NAME` or `in thread NUMBER`; a name with blanks in quotes.');
}

export function afterQuotes(rest: Spelled): Mistake {
  const text = `${quote(rest.text)} stands behind the quotes, which hold the whole value. Take it in, or away.`;
  return error('after-quotes', rest.span, text);
}

export function unclosedText(span: FileSpan): Mistake {
  return error('unclosed-text', span, 'This text has no closing ". A quote within it is written \\".');
}

export function settingTwice(keyword: Spelled, firstLine: number): Mistake {
  return {
    ...error(
      'setting-twice',
      keyword.span,
      `${quote(keyword.text)} stands in line ${firstLine + 1} too: this one counts.`,
    ),
    severity: 'warning',
  };
}

export function badEnvironment(value: Spelled): Mistake {
  return error('bad-env', value.span, `${quote(value.text)} sets nothing: write \`env NAME=VALUE\`.`);
}

export function clauseNotHere(clause: Spelled, verb: string, why: string): Mistake {
  return error('clause-not-here', clause.span, `${quote(clause.text)} does not go with ${quote(verb)}: ${why}`);
}
