import type { Measure } from "@assay/schema";
import { heldMeasure } from "../../held-measure.ts";
import { holm, rangeDifferenceInterval, simultaneousCritical, wilson, wilsonAt } from "../../statistics/index.ts";
import { independence, type TestRun } from "./independence.ts";
import { mostMissingPrinted } from "./limits.ts";
import type { Missing } from "./missing-counts.ts";
import type { Input } from "./settings.ts";

/** A group's rows, and those without the value of a field. */
interface Lacking {
  readonly level: string;
  readonly missing: number;
  readonly rows: number;
}

/**
 * Shares of rows without a value, by group of every protected column, with a test that they are the same in all (Holm over
 * fields × protected columns). Rows are counted, whatever their weight: that a value is missing is a fact of the row.
 */
export async function missingMeasures(
  { columns }: Missing,
  fields: readonly string[],
  input: Input,
  run: TestRun,
): Promise<Measure[]> {
  const { confidence } = input;
  const measures: Measure[] = [...ofColumns({ columns }, confidence), ...overall({ columns }, fields, confidence)];
  const tested: { readonly at: number; readonly p: number }[] = [];
  for (const [place, { name, levels, rows, missing }] of columns.entries()) {
    let printed = 0;
    const known = levels.flatMap((level, index): Lacking[] => {
      const all = rows[index + 1] ?? 0;
      return all > 0 ? [{ level, missing: 0, rows: all }] : [];
    });
    if (fields.length > 0 && missing.every((lacking, field) => lacking === null || fields[field] === name)) {
      // No value is missing at all: a rule on the difference is to find it, and find it small.
      const eligible = known.filter((one) => one.rows >= input.min_count);
      measures.push(differenceOf(eligible, { by: [name] }, input));
    }
    for (const [field, lacking] of missing.entries()) {
      const column = fields[field] ?? "";
      // Nothing is missing anywhere: there is nothing to compare. The protected column itself is missing where it is unknown.
      if (lacking === null || column === name) continue;
      const groups = levels.flatMap((level, index): Lacking[] => {
        const all = rows[index + 1] ?? 0;
        return all > 0 ? [{ level, missing: lacking[index + 1] ?? 0, rows: all }] : [];
      });
      if (printed + groups.length <= mostMissingPrinted) {
        printed += groups.length;
        for (const one of groups) {
          measures.push({
            metric: "missing-share",
            value: one.missing / one.rows,
            group: { [name]: one.level },
            column,
            ...wilson(one.missing, one.rows, confidence),
            confidence,
            n: one.rows,
            method: "wilson",
          });
        }
      }
      const eligible = groups.filter((one) => one.rows >= input.min_count);
      const difference = differenceOf(eligible, { by: [name], column }, input);
      const test =
        eligible.length < 2
          ? null
          : await independence(
              eligible.flatMap((one) => [one.missing, one.rows - one.missing]),
              eligible.length,
              2,
              { ...run, stream: run.stream + place * 10_000 + field },
            );
      if (test) tested.push({ at: measures.length, p: test.p });
      measures.push(
        test
          ? {
              ...heldMeasure({ ...difference, method: `${difference.method ?? ""}, ${test.method}` }, test.p, 0),
              p: test.p,
            }
          : difference,
      );
    }
  }
  const adjusted = holm(tested.map(({ p }) => p));
  for (const [index, { at }] of tested.entries()) {
    const measure = measures[at];
    if (measure) measures[at] = { ...measure, p_adjusted: adjusted[index] ?? 1 };
  }
  return measures;
}

/** Rows whose group is unknown, for every protected column. */
function ofColumns({ columns }: Missing, confidence: number): Measure[] {
  return columns.map(({ name, rows }): Measure => shareOf(name, rows[0] ?? 0, sum(rows), confidence));
}

/** Rows without a value of a field, where some lack it. */
function overall({ columns }: Missing, fields: readonly string[], confidence: number): Measure[] {
  const [first] = columns;
  if (!first) return [];
  const protectedNames = new Set(columns.map(({ name }) => name));
  return first.missing.flatMap((lacking, field): Measure[] => {
    const column = fields[field] ?? "";
    return lacking === null || protectedNames.has(column)
      ? []
      : [shareOf(column, sum(lacking), sum(first.rows), confidence)];
  });
}

function shareOf(column: string, missing: number, rows: number, confidence: number): Measure {
  const metric = "missing-share";
  if (rows === 0) return { metric, value: null, column, n: 0, reason: "no rows" };
  const interval = wilson(missing, rows, confidence);
  return { metric, value: missing / rows, column, ...interval, confidence, n: rows, method: "wilson" };
}

function differenceOf(
  groups: readonly Lacking[],
  about: { readonly by: string[]; readonly column?: string },
  { confidence, min_count: minCount }: Input,
): Measure {
  const metric = "missing-share-difference";
  if (groups.length < 2) {
    return { metric, value: null, ...about, reason: `fewer than two groups have ${minCount} rows` };
  }
  const critical = simultaneousCritical(confidence, groups.length);
  const bounded = groups.map(({ missing, rows }) => ({ value: missing / rows, ...wilsonAt(missing, rows, critical) }));
  let [least, most] = [1, 0];
  for (const { value } of bounded) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const { low, high } = rangeDifferenceInterval(bounded);
  return {
    metric,
    value: most - least,
    ...about,
    low: Math.min(low, most - least),
    high: Math.min(1, Math.max(high, most - least)),
    confidence,
    n: groups.reduce((total, one) => total + one.rows, 0),
    method: "tukey-mover",
  };
}

function sum(counts: Float64Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
