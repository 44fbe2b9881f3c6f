/** A run that can be compared. */
export interface Candidate {
  readonly number: number;
  readonly title: string;
}

export type Sides<Run> =
  | { readonly kind: "pair"; readonly a: Run; readonly b: Run }
  | { readonly kind: "too-few" }
  | { readonly kind: "same"; readonly a: Run; readonly b: Run }
  | { readonly kind: "missing"; readonly number: number };

/**
 * The two runs of a comparison, by the numbers asked for. What is left open is filled: `b` by the newest run, `a` by the
 * run before `b`, of the same plan where there is one. `runs`: completed, newest first.
 */
export function chooseSides<Run extends Candidate>(
  runs: readonly Run[],
  asked: { readonly a: number | null; readonly b: number | null },
): Sides<Run> {
  if (runs.length < 2) return { kind: "too-few" };
  const find = (number: number) => runs.find((run) => run.number === number);
  for (const number of [asked.a, asked.b]) {
    if (number !== null && find(number) === undefined) return { kind: "missing", number };
  }
  const askedA = asked.a === null ? undefined : find(asked.a);
  const b = (asked.b === null ? undefined : find(asked.b)) ?? runs.find((run) => run !== askedA);
  if (b === undefined) return { kind: "too-few" };
  const a = askedA ?? before(runs, b);
  if (a === undefined) return { kind: "too-few" };
  return { kind: a === b ? "same" : "pair", a, b };
}

/** The run that one is likely to be held against: the nearest before it, of its plan first; else the nearest after it. */
function before<Run extends Candidate>(runs: readonly Run[], run: Run): Run | undefined {
  const place = runs.indexOf(run);
  const earlier = runs.slice(place + 1);
  return earlier.find(({ title }) => title === run.title) ?? earlier[0] ?? runs[place - 1];
}
