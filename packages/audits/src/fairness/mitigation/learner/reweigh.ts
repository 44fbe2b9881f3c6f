import type { Rows } from "../rows.ts";

/**
 * Weights that make label and group independent: W(g, y) = P(g) P(y) / P(g, y), of the rows learned from and their own
 * weights. A pair without rows has none.
 * F. Kamiran and T. Calders, Knowl. Inf. Syst. 33 (2012) 1–33, doi:10.1007/s10115-011-0463-8.
 * @returns groups × label − +
 */
export function reweighing({ group, label, train, weights, groups }: Rows): Float64Array {
  const joint = new Float64Array(groups.length * 2);
  const byLabel = new Float64Array(2);
  let all = 0;
  for (const [row, times] of train.entries()) {
    if (times === 0) continue;
    const weight = times * (weights?.[row] ?? 1);
    const yes = (label[row] ?? 1) - 1;
    const cell = (group[row] ?? 0) * 2 + yes;
    joint[cell] = (joint[cell] ?? 0) + weight;
    byLabel[yes] = (byLabel[yes] ?? 0) + weight;
    all += weight;
  }
  return joint.map((weight, cell) => {
    const ofGroup = (joint[cell & ~1] ?? 0) + (joint[cell | 1] ?? 0);
    return weight > 0 ? (ofGroup * (byLabel[cell & 1] ?? 0)) / (all * weight) : 0;
  });
}
