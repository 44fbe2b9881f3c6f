import { PhiloxStream } from "@assay/compute";
import { settle } from "./sequential-test.ts";
import { replicatesFor } from "./share-test.ts";
import { greatestDistance } from "./table-test.ts";

/**
 * p that estimates are equal in all groups where rows are weighted and no permutation of rows has the right spread:
 * the greatest studentised distance against independent normals of the same standard errors. Asymptotic.
 */
export async function normalTest(
  values: readonly number[],
  errors: readonly number[],
  run: { readonly replicates: number; readonly seed: number; readonly stream: number },
): Promise<number> {
  const variances = Float64Array.from(errors, (error) => error * error);
  const observed = greatestDistance(Float64Array.from(values), variances);
  const stream = new PhiloxStream(run.seed, run.stream);
  const draw = new Float64Array(values.length);
  const [p = 1] = await settle(
    [{ observed, bound: 1 }],
    replicatesFor(run.replicates, values.length),
    async (_, count) => {
      const nulls = new Float64Array(count);
      for (let replicate = 0; replicate < count; replicate++) {
        for (let group = 0; group < draw.length; group++) draw[group] = stream.normal() * (errors[group] ?? 0);
        nulls[replicate] = greatestDistance(draw, variances);
      }
      return [nulls];
    },
  );
  return p;
}
