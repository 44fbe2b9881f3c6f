import { log, permute } from "@assay/compute";
import type { Measure } from "@assay/schema";
import type { Binning } from "../../binning/binning.ts";
import type { AuditContext } from "../../define.ts";
import { gammaCdf } from "../../statistics/gamma.ts";
import { holm } from "../../statistics/multiplicity.ts";
import { mutualInformation } from "../../statistics/mutual-information.ts";
import type { Progress } from "./progress.ts";
import { reasons } from "./reasons.ts";
import type { AssociationsInput } from "./settings.ts";
import { streams } from "./streams.ts";

/** One nat in bits. */
const bits = 1 / log(2);

/** Mutual information of every feature with the decision, in bits, with a permutation test, Holm-adjusted over features. */
export async function informationMeasures(
  progress: Progress,
  context: AuditContext<AssociationsInput>,
): Promise<Measure[]> {
  const { input } = context;
  const { confidence } = input;
  const unknown = progress.rows === 0 ? reasons.noDecision.en : null;
  const found = progress.tables.map((table, index) => ({
    index,
    binning: progress.binnings[index],
    // Both splits together: rows by bin × (no, yes).
    counts: Float64Array.from({ length: table.length / 2 }, (_, cell) => {
      return (table[cell * 2] ?? 0) + (table[cell * 2 + 1] ?? 0);
    }),
  }));
  const tests = new Map<number, number>();
  for (const { index, binning, counts } of found) {
    if (binning?.kind === "skipped" || unknown) continue;
    const { freedom } = mutualInformation(counts, counts.length / 2, 2, confidence);
    if (freedom > 0) tests.set(index, await permutationTest(counts, index, context));
  }
  const adjusted = holm([...tests.values()]);
  const order = [...tests.keys()];
  const entropy = found[0] ? mutualInformation(found[0].counts, found[0].counts.length / 2, 2, confidence) : null;
  const measures: Measure[] = [
    entropy && !unknown
      ? { metric: "target-entropy", value: entropy.columnEntropy * bits, n: progress.rows, unit: "bits" }
      : { metric: "target-entropy", value: null, n: progress.rows, reason: unknown ?? "no features" },
  ];
  for (const { index, binning, counts } of found) {
    const feature = binning?.name ?? "";
    const names = ["mutual-information", "mutual-information-plug-in", "normalized-mutual-information"] as const;
    const none = (reason: string): void => {
      measures.push(...names.map((metric): Measure => ({ metric, value: null, feature, n: progress.rows, reason })));
    };
    const information = mutualInformation(counts, counts.length / 2, 2, confidence);
    if (unknown) none(unknown);
    else if (binning?.kind === "skipped") none(reasons.tooMany.en);
    else if (information.columnEntropy === 0) none(reasons.oneDecision.en);
    else if (information.freedom === 0) none(oneBinReason(binning, counts));
    else {
      const { corrected, plugIn, interval, n, columnEntropy } = information;
      const p = tests.get(index);
      const p_adjusted = adjusted[order.indexOf(index)];
      const test = p === undefined || p_adjusted === undefined ? {} : { p, p_adjusted };
      const remark = hasOnlyRare(binning) ? { reason: reasons.onlyMissing.en } : {};
      measures.push(
        {
          metric: "mutual-information",
          value: corrected * bits,
          feature,
          low: interval.low * bits,
          high: interval.high * bits,
          confidence,
          n,
          ...test,
          unit: "bits",
          method: "miller-madow, gamma inversion",
          ...remark,
        },
        { metric: "mutual-information-plug-in", value: plugIn * bits, feature, n, unit: "bits", ...remark },
        {
          metric: "normalized-mutual-information",
          value: Math.min(1, corrected / columnEntropy),
          feature,
          low: Math.min(1, interval.low / columnEntropy),
          high: Math.min(1, interval.high / columnEntropy),
          confidence,
          n,
          ...test,
          method: "share of the decision's entropy (Theil's U)",
          ...remark,
        },
      );
    }
  }
  return measures;
}

/** No value of the text has a bin of its own. */
function hasOnlyRare(binning: Binning | null | undefined): boolean {
  return binning?.kind === "text" && binning.others && binning.levels.length + binning.finer.length === 0;
}

/** Why all rows stand in one bin, so that nothing is measured. */
function oneBinReason(binning: Binning | null | undefined, counts: Float64Array): string {
  if (counts.every((count, cell) => count === 0 || cell < 2)) return reasons.noValue.en;
  if (hasOnlyRare(binning)) return reasons.onlyRare.en;
  const hasCut = binning?.kind === "number" && binning.cuts.length > 0;
  return hasCut ? reasons.oneBin.en : reasons.constant.en;
}

/** Share of shuffles of the decision over the people that inform as much: both margins stay as they are. */
async function permutationTest(
  counts: Float64Array,
  feature: number,
  { input, plan, device }: AuditContext<AssociationsInput>,
): Promise<number> {
  const held: number[] = [];
  let n = 0;
  for (let bin = 0; bin < counts.length / 2; bin++) {
    const [no = 0, yes = 0] = [counts[bin * 2], counts[bin * 2 + 1]];
    if (no + yes > 0) held.push(no, yes);
    n += no + yes;
  }
  const table = Float64Array.from(held);
  const rows = table.length / 2;
  if (n >= 2 ** 32) {
    // Beyond the permutations' range; 2n times the information is χ² to many digits there.
    const { plugIn, freedom } = mutualInformation(table, rows, 2, input.confidence);
    return 1 - gammaCdf(n * plugIn, freedom / 2);
  }
  // With fixed margins the information rises with Σ x ln x of the cells.
  const score = (cells: ArrayLike<number>, start: number): number => {
    let sum = 0;
    for (let cell = start; cell < start + table.length; cell++) {
      const count = cells[cell] ?? 0;
      if (count > 1) sum += count * log(count);
    }
    return sum;
  };
  const seen = score(table, 0);
  const bound = seen - 1e-12 * Math.abs(seen);
  let reached = 0;
  const batch = Math.max(1, Math.floor(4_000_000 / table.length));
  for (let first = 0; first < input.replicates; first += batch) {
    const replicates = Math.min(batch, input.replicates - first);
    const draws = await permute(device, {
      table,
      rows,
      columns: 2,
      replicates,
      seed: plan.seed,
      stream: streams.permutations + feature,
      first,
    });
    for (let replicate = 0; replicate < replicates; replicate++) {
      if (score(draws, replicate * table.length) >= bound) reached++;
    }
  }
  return (reached + 1) / (input.replicates + 1);
}
