// short-name.ts: long names in rows, so that what is told of them stays in sight.
//
// Pure. A side bar of the usual width shows some thirty letters, and the count of hits is to be among them; the whole name
// is in the hover and read aloud.

const LONGEST = 18;

/** Its beginning and its end, which tell `config.limits[1]` from `config.limits[2]`. */
export function shortName(name: string): string {
  if (name.length <= LONGEST) return name;
  const half = (LONGEST - 1) / 2;
  return `${name.slice(0, Math.floor(half))}…${name.slice(-Math.ceil(half))}`;
}
