// suggest.ts: the name that a mistyped one was probably meant to be.

/** The nearest of the names, if any is near: at most about a third of the letters differ. */
export function nearestName(wanted: string, names: Iterable<string>): string | undefined {
  const limit = wanted.length < 2 ? 0 : Math.ceil(wanted.length / 3);
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const name of names) {
    if (name === wanted || Math.abs(name.length - wanted.length) > limit) continue;
    const distance =
      name.toLowerCase() === wanted.toLowerCase() ? 0.5 : editDistance(wanted, name, Math.ceil(bestDistance));
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** Several, nearest first; none where none is near. */
export function nearestNames(wanted: string, names: Iterable<string>, count: number): readonly string[] {
  const limit = Math.ceil(wanted.length / 3);
  return [...names]
    .map((name) => ({ name, distance: editDistance(wanted.toLowerCase(), name.toLowerCase(), limit + 1) }))
    .filter(({ name, distance }) => distance <= limit || name.toLowerCase().startsWith(wanted.toLowerCase()))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

/** Insertions, deletions, substitutions and swaps of neighbours; `limit` where it is that or more. */
function editDistance(a: string, b: string, limit: number): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, (beforePrevious[j - 2] ?? 0) + 1);
      current.push(cost);
    }
    if (Math.min(...current) >= limit) return limit;
    beforePrevious = previous;
    previous = current;
  }
  return Math.min(previous[b.length] ?? limit, limit);
}
