import { log } from "@assay/compute";

/**
 * Normalised discounted cumulative Kullback–Leibler divergence of one list: 1/Z Σᵢ 1/log2(i + 1) · KL(groups of the first i
 * places ‖ groups of all rows), with Z = Σᵢ 1/log2(i + 1); 0 where every beginning of the list mirrors the whole. S. C. Geyik,
 * S. Ambler and K. Kenthapadi, KDD (2019) 2221–2231, doi:10.1145/3292500.3330691. Tied rows enter by what they hold on average.
 * @param ties rows of each group (ties × groups, row-major), from the first place down
 */
export function ndkl(ties: Float64Array, groups: number): number {
  const all = new Float64Array(groups);
  for (const [at, count] of ties.entries()) all[at % groups] = (all[at % groups] ?? 0) + count;
  const rows = all.reduce((sum, count) => sum + count, 0);
  if (!(rows > 0)) return Number.NaN;
  const logShare = all.map((count) => (count > 0 ? log(count / rows) : 0));
  const seen = new Float64Array(groups);
  // Σ c log c and Σ c log(share) over the groups seen so far: a place of its own changes one term of each.
  let entropy = 0;
  let expected = 0;
  let place = 0;
  let sum = 0;
  let weight = 0;
  for (let tie = 0; tie < ties.length / groups; tie++) {
    const start = tie * groups;
    let size = 0;
    for (let group = 0; group < groups; group++) size += ties[start + group] ?? 0;
    for (let inside = 1; inside <= size; inside++) {
      place++;
      const share = inside / size;
      let divergence: number;
      if (size === 1) {
        let group = 0;
        while ((ties[start + group] ?? 0) === 0) group++;
        const before = seen[group] ?? 0;
        entropy += timesLog(before + 1) - timesLog(before);
        expected += logShare[group] ?? 0;
        divergence = (entropy - expected) / place - logOf(place);
      } else {
        divergence = 0;
        for (let group = 0; group < groups; group++) {
          const count = (seen[group] ?? 0) + (ties[start + group] ?? 0) * share;
          if (count > 0) divergence += (count / place) * (log(count / place) - (logShare[group] ?? 0));
        }
      }
      const discount = Math.LN2 / logOf(1 + place);
      sum += discount * Math.max(0, divergence);
      weight += discount;
    }
    for (let group = 0; group < groups; group++) {
      const before = seen[group] ?? 0;
      const count = ties[start + group] ?? 0;
      if (count === 0) continue;
      seen[group] = before + count;
      if (size === 1) continue;
      entropy += timesLog(before + count) - timesLog(before);
      expected += count * (logShare[group] ?? 0);
    }
  }
  // A list in which every beginning mirrors the whole leaves rounding alone.
  return Math.max(0, sum / weight);
}

const logs: number[] = [0, 0];

/** log of a whole number, looked up. */
function logOf(value: number): number {
  for (let next = logs.length; next <= value; next++) logs.push(log(next));
  return logs[value] ?? 0;
}

function timesLog(count: number): number {
  return count > 0 ? count * logOf(count) : 0;
}
