import { resample } from "@assay/compute";
import type { ClassMetric } from "./class-metric.ts";
import { type ClassTable, nonZero } from "./class-table.ts";
import type { EstimateOptions } from "./estimate.ts";

/** Values of the metrics in every multinomial replicate of the cells that are not empty. */
export async function replicateMetrics(
  table: ClassTable,
  list: readonly ClassMetric[],
  options: EstimateOptions,
): Promise<Map<ClassMetric, Float64Array>> {
  const cells = nonZero(table.counts);
  const counts = Float64Array.from(cells, (cell) => table.counts[cell] ?? 0);
  const results = new Map(list.map((metric) => [metric, new Float64Array(options.replicates)]));
  // A few million draws at a time: many classes must not take the machine's memory.
  const batch = Math.max(1, Math.floor(4_000_000 / cells.length));
  for (let first = 0; first < options.replicates; first += batch) {
    const replicates = Math.min(batch, options.replicates - first);
    const { seed, stream } = options;
    const draws = await resample(options.device, { counts, replicates, seed, stream, first });
    for (let replicate = 0; replicate < replicates; replicate++) {
      const right = new Float64Array(table.classes);
      const truth = new Float64Array(table.classes);
      const predicted = new Float64Array(table.classes);
      let total = 0;
      for (const [index, cell] of cells.entries()) {
        const value = draws[replicate * cells.length + index] ?? 0;
        const row = Math.floor(cell / table.classes);
        const column = cell % table.classes;
        if (row === column) right[row] = value;
        truth[row] = (truth[row] ?? 0) + value;
        predicted[column] = (predicted[column] ?? 0) + value;
        total += value;
      }
      const sums = { total, right, truth, predicted };
      for (const [metric, values] of results) values[first + replicate] = metric.formula(sums);
    }
  }
  return results;
}
