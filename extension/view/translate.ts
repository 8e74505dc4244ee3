// translate.ts: how the pure parts of the extension get their texts in the person's language.
//
// They are handed VS Code's `l10n.t`; tests hand in `english`. Placeholders are {0}, {1}, …

export type Translate = (message: string, ...values: readonly (string | number)[]) => string;

/** The message itself, placeholders filled. */
export const english: Translate = (message, ...values) =>
  message.replace(/\{(\d+)\}/g, (placeholder, index: string) => String(values.at(Number(index)) ?? placeholder));

/** Marks a text of a table as one that `t` is given later: scripts/l10n.mjs gathers what is marked. */
export const localised = <Text extends string>(message: Text): Text => message;

/** "1 byte", "4 bytes": each form is a whole phrase, for languages put the number elsewhere. */
export function counted(t: Translate, count: number, one: string, many: string): string {
  return count === 1 ? t(one) : t(many, count.toLocaleString('en-US'));
}
