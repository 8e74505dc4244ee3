// words.ts: the words of an `args` line, as a shell splits them: blanks between, quotes hold together.
//
// No variables, no patterns: what stands there is what the program gets.

/** `a "b c" 'd'` → `a`, `b c`, `d`. A `\` takes the next character as it is, outside of single quotes. */
export function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\' && quote !== "'" && at + 1 < text.length) word = `${word ?? ''}${text.charAt(++at)}`;
    else if (quote !== '' && character === quote) quote = '';
    else if (quote !== '') word = `${word ?? ''}${character}`;
    else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (!/\s/.test(character)) word = `${word ?? ''}${character}`;
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}
