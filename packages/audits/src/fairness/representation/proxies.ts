import type { Measure } from "@assay/schema";
import { heldMeasure } from "../../held-measure.ts";
import type { Roles } from "../../roles.ts";
import { benjaminiHochberg, type MutualInformation, mutualInformation } from "../../statistics/index.ts";
import { independence, type TestRun } from "./independence.ts";
import type { Progress } from "./progress.ts";
import { reasons } from "./reasons.ts";
import type { Input } from "./settings.ts";

/**
 * How much every feature by itself tells of every protected column: mutual information over the column's entropy, less
 * the bias that chance adds, with a test of independence (Benjamini–Hochberg over features × columns), and the strongest.
 * Rows of unknown groups are left out; a missing value of a feature is a bin of its own. Rows are counted, not weighed.
 */
export async function proxyMeasures(progress: Progress, roles: Roles, input: Input, run: TestRun): Promise<Measure[]> {
  const measures: Measure[] = [];
  const tested: { readonly at: number; readonly p: number }[] = [];
  for (const [place, role] of roles.protected.entries()) {
    const by = [role.name];
    const groups = (progress.levels[place]?.length ?? -1) + 1;
    const found: { readonly feature: string; readonly information: MutualInformation; readonly at: number }[] = [];
    const simultaneous = 1 - (1 - input.confidence) / Math.max(1, roles.features.length);
    const bounds: { low: number; high: number }[] = [];
    for (const [index, { name: feature }] of roles.features.entries()) {
      // A column tells all of itself: it is no proxy.
      if (feature === role.name) continue;
      const full = progress.tables[place]?.[index] ?? null;
      const binning = progress.binnings[index];
      const metric = "normalized-mutual-information";
      const none = (reason: string): void => {
        measures.push({ metric, value: null, by, feature, reason });
      };
      if (full === null || groups === 0) {
        none(groups === 0 ? reasons.tooManyGroups.en : reasons.tooManyTexts.en);
        continue;
      }
      const bins = full.length / groups;
      const table = knownGroups(full, bins, groups);
      const information = mutualInformation(table, bins, groups - 1, input.confidence);
      const { n, freedom, columnEntropy, corrected, plugIn, interval } = information;
      if (n === 0) none(reasons.noGroup.en);
      else if (columnEntropy === 0) none(reasons.oneGroup.en);
      else if (freedom === 0) none(binning?.kind === "text" ? reasons.oneText.en : reasons.constant.en);
      else {
        const stream = run.stream + place * 10_000 + index;
        const test = await independence(table, bins, groups - 1, { ...run, stream });
        const wide = mutualInformation(table, bins, groups - 1, simultaneous).interval;
        bounds.push({ low: wide.low / columnEntropy, high: Math.min(1, wide.high / columnEntropy) });
        if (test) tested.push({ at: measures.length, p: test.p });
        found.push({ feature, information, at: measures.length });
        measures.push(
          {
            ...heldMeasure(
              {
                metric,
                value: Math.min(1, corrected / columnEntropy),
                by,
                feature,
                low: Math.min(1, interval.low / columnEntropy),
                high: Math.min(1, interval.high / columnEntropy),
                confidence: input.confidence,
                n,
                method: `miller-madow, gamma inversion${test === null ? "" : `, ${test.method}`}`,
              },
              test?.p,
              0,
            ),
            ...(test === null ? {} : { p: test.p }),
          },
          {
            metric: "normalized-mutual-information-plug-in",
            value: Math.min(1, plugIn / columnEntropy),
            by,
            feature,
            n,
          },
        );
      }
    }
    const strongest = found.reduce<(typeof found)[number] | null>(
      (best, one) => (best === null || one.information.corrected > best.information.corrected ? one : best),
      null,
    );
    if (roles.features.length === 0) continue;
    if (strongest === null) {
      measures.push({ metric: "proxy-strength", value: null, by, reason: "no feature could be measured" });
      continue;
    }
    const value = Math.min(1, strongest.information.corrected / strongest.information.columnEntropy);
    measures.push({
      metric: "proxy-strength",
      value,
      by,
      low: Math.min(value, Math.max(...bounds.map(({ low }) => low))),
      high: Math.max(value, Math.max(...bounds.map(({ high }) => high))),
      confidence: input.confidence,
      n: strongest.information.n,
      method: "greatest over features, bonferroni",
      reference: strongest.feature,
    });
  }
  const adjusted = benjaminiHochberg(tested.map(({ p }) => p));
  for (const [index, { at }] of tested.entries()) {
    const measure = measures[at];
    if (measure) measures[at] = { ...measure, p_adjusted: adjusted[index] ?? 1 };
  }
  return measures;
}

/** The table without the column of unknown groups. */
function knownGroups(full: Float64Array, bins: number, groups: number): Float64Array {
  const table = new Float64Array(bins * (groups - 1));
  for (let bin = 0; bin < bins; bin++) {
    table.set(full.subarray(bin * groups + 1, (bin + 1) * groups), bin * (groups - 1));
  }
  return table;
}
