import { mergeAllScores, type ScoreEntries } from "../score-entries.ts";
import { type ScoreCurve, scoreCurve } from "../statistics/index.ts";
import { type GroupScores, partsOf } from "./score-summary.ts";
import type { GroupSummary } from "./summary.ts";

/** The key of a group's values in maps of groups. */
export function valuesKey(values: readonly (string | null)[]): string {
  return JSON.stringify(values);
}

/** The curve of all rows with a score and a label. */
export function overallCurve(scores: GroupScores): ScoreCurve {
  return curveOf(
    partsOf(scores).map((part) => part.entries),
    scores,
  );
}

/** The curve of a group that has no such row. */
export function emptyCurve(scores: GroupScores): ScoreCurve {
  return curveOf([], scores);
}

/**
 * Curves of the groups of some columns, by `valuesKey`, made one at a time: a caller that drops each before it takes the
 * next holds one group's scores. Groups without a score and label are absent. Null where scores were not held apart.
 */
export function curvesBy(
  summary: Pick<GroupSummary, "columns" | "scores">,
  by: readonly string[],
): ReadonlyMap<string, () => ScoreCurve> | null {
  const { scores } = summary;
  if (!scores?.codes) return null;
  const places = by.map((name) => summary.columns.findIndex((column) => column.name === name));
  const lists = new Map<string, ScoreEntries[]>();
  for (const { codes, entries } of partsOf(scores)) {
    const values = places.map((place) => summary.columns[place]?.levels[(codes[place] ?? 0) - 1] ?? null);
    const key = valuesKey(values);
    const held = lists.get(key);
    if (held) held.push(entries);
    else lists.set(key, [entries]);
  }
  return new Map([...lists].map(([key, list]) => [key, () => curveOf(list, scores)]));
}

function curveOf(list: readonly ScoreEntries[], scores: GroupScores): ScoreCurve {
  return scoreCurve(mergeAllScores(list, scores.entries.weights !== null));
}
