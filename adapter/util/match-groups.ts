// match-groups.ts: what a regular expression captured, typed as it is: any group may have taken no part.

/** Whole match first, then the groups; empty where nothing matched. */
export const matchGroups = (
  match: readonly (string | undefined)[] | null | undefined,
): readonly (string | undefined)[] => match ?? [];
