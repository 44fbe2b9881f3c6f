import { greatestDistance, permute } from "@assay/compute";
import { settle } from "../../../groups/sequential-test.ts";
import { replicatesFor, type TestRun } from "../../../groups/share-test.ts";
import type { ClassMetric } from "../../../metrics/classes/index.ts";
import { studentise } from "../../../metrics/classes/linearise.ts";

/** Draws of one cell each that the slopes of one metric are worked out for: very many cells get fewer replicates. */
const mostCells = 20_000_000;

/**
 * Permutation tests of metrics of a confusion table of several classes: whole rows are shuffled over the groups, and each
 * group's estimate is studentised anew in every replicate (E. Chung and J. P. Romano, Annals of Statistics 41 (2013) 484–507,
 * doi:10.1214/13-AOS1090). One set of draws serves all metrics.
 * @param tables whole rows in the cells of `support`, of each group
 */
export async function classTableTests(
  metrics: readonly ClassMetric[],
  tables: readonly ArrayLike<number>[],
  classes: number,
  support: readonly number[],
  run: TestRun,
): Promise<number[]> {
  const rows = tables.length;
  const columns = support.length;
  const table = Float64Array.from(tables.flatMap((one) => Array.from(one)));
  const into = {
    total: 0,
    right: new Float64Array(classes),
    truth: new Float64Array(classes),
    predicted: new Float64Array(classes),
  };
  const values = new Float64Array(rows);
  const variances = new Float64Array(rows);
  const statistics = metrics.map((metric) => (source: ArrayLike<number>, start: number): number => {
    for (let group = 0; group < rows; group++) {
      const one = studentise(metric, classes, support, source, start + group * columns, into);
      values[group] = one.value;
      variances[group] = one.variance;
    }
    return greatestDistance(values, variances);
  });
  const sought = statistics.map((statistic) => ({ observed: statistic(table, 0), bound: 1 }));
  const affordable = Math.max(199, Math.floor(mostCells / (rows * columns)));
  const replicates = Math.min(replicatesFor(run.replicates, rows * columns), affordable);
  return settle(sought, replicates, async (first, count) => {
    const { seed, stream } = run;
    const draws = await permute(run.device, { table, rows, columns, replicates: count, first, seed, stream });
    return statistics.map((statistic) => {
      const drawn = new Float64Array(count);
      for (let replicate = 0; replicate < count; replicate++)
        drawn[replicate] = statistic(draws, replicate * rows * columns);
      return drawn;
    });
  });
}
