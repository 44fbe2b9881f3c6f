import { PhiloxStream } from "@assay/compute";
import { type DisparityTest, greatestDistance, replicatesFor, tail } from "./hypotheses.ts";

/**
 * Test that estimates are equal in all groups where rows are weighted and no permutation of rows has the right spread:
 * the greatest studentised distance against independent normals of the same standard errors. Asymptotic.
 */
export function normalTest(
  values: readonly number[],
  errors: readonly number[],
  run: { readonly replicates: number; readonly seed: number; readonly stream: number },
): DisparityTest {
  const variances = Float64Array.from(errors, (error) => error * error);
  const observed = greatestDistance(Float64Array.from(values), variances);
  const replicates = replicatesFor(run.replicates, values.length, 1);
  const stream = new PhiloxStream(run.seed, run.stream);
  const draw = new Float64Array(values.length);
  const nulls = new Float64Array(replicates);
  for (let replicate = 0; replicate < replicates; replicate++) {
    for (let group = 0; group < draw.length; group++) draw[group] = stream.normal() * (errors[group] ?? 0);
    nulls[replicate] = greatestDistance(draw, variances);
  }
  return { p: tail(observed, nulls), replicates, observed, null: nulls };
}
