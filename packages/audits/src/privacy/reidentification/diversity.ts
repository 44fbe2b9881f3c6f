import { parseNumber } from "@assay/dataset";
import type { SensitiveEntries } from "./classes.ts";
import type { Narrow } from "./narrow.ts";

/**
 * What the classes give away of one sensitive column: each number is that of the worst class. People whose value is
 * missing are left out of it, so that "missing" never counts as diversity.
 */
export interface Diversity {
  readonly column: string;
  /** People whose value is known. */
  readonly known: number;
  readonly missing: number;
  /** Different values in the whole file. */
  readonly values: number;
  /** Fewest different values in a class: distinct l-diversity. */
  readonly distinct: number;
  /** exp of the smallest class entropy: entropy l-diversity, not truncated. */
  readonly entropy: number;
  /** Largest r₁ / (r_l + … + r_m) over classes: recursive (c, l)-diversity holds for every larger c. Null: a class has under l values. */
  readonly recursive: number | null;
  /** Largest total variation between a class and the whole: t-closeness with equal distances. */
  readonly t: number;
  /** Largest earth mover's distance with ordered distances; null where the values are not numbers or all are one. */
  readonly tOrdered: number | null;
  /** Largest relative gain (q − p) / p of any value in a class: basic β-likeness. */
  readonly beta: number;
  /** People in classes with fewer than l different values. */
  readonly belowL: number;
  /** People of classes of two or more in which every known value is the same. */
  readonly homogeneous: number;
}

/**
 * @param sizes people of each class
 * @param l how many different values a class should have
 * @returns null where no value is known
 */
export function diversityOf(entries: SensitiveEntries, sizes: Narrow, l: number): Diversity | null {
  const totals = new Float64Array(entries.levels.length + 1);
  let known = 0;
  for (let entry = 0; entry < entries.codes.length; entry++) {
    const code = entries.codes[entry] ?? 0;
    const count = entries.counts[entry] ?? 0;
    totals[code] = (totals[code] ?? 0) + count;
    known += count;
  }
  if (known === 0) return null;
  let people = 0;
  for (const size of sizes) people += size;
  const ordered = orderedScale(entries.levels, totals, known);

  let distinct = Number.POSITIVE_INFINITY;
  let entropy = Number.POSITIVE_INFINITY;
  let recursive: number | null = 0;
  let t = 0;
  let tOrdered = 0;
  let beta = 0;
  let belowL = 0;
  let homogeneous = 0;
  for (let owner = 0, start = 0, end = 0; owner < sizes.length; owner++, start = end) {
    end = start + (entries.lengths[owner] ?? 0);
    if (start === end) continue;
    let size = 0;
    for (let entry = start; entry < end; entry++) size += entries.counts[entry] ?? 0;
    let nats = 0;
    let gained = 0;
    for (let entry = start; entry < end; entry++) {
      const q = (entries.counts[entry] ?? 0) / size;
      const p = (totals[entries.codes[entry] ?? 0] ?? 0) / known;
      nats -= q * Math.log(q);
      if (q > p) {
        gained += q - p;
        beta = Math.max(beta, (q - p) / p);
      }
    }
    distinct = Math.min(distinct, end - start);
    entropy = Math.min(entropy, nats);
    t = Math.max(t, gained);
    if (ordered) tOrdered = Math.max(tOrdered, ordered.distance(entries, start, end, size));
    if (end - start < l) belowL += sizes[owner] ?? 0;
    if (end - start === 1 && (sizes[owner] ?? 0) > 1) homogeneous += sizes[owner] ?? 0;
    if (recursive !== null) recursive = worse(recursive, recursiveRatio(entries.counts.subarray(start, end), l));
  }
  return {
    column: entries.column,
    known,
    missing: people - known,
    values: totals.reduce((sum, total) => sum + (total > 0 ? 1 : 0), 0),
    distinct,
    entropy: Math.exp(entropy),
    recursive,
    t,
    tOrdered: ordered ? tOrdered : null,
    beta,
    belowL,
    homogeneous,
  };
}

function worse(a: number, b: number | null): number | null {
  return b === null ? null : Math.max(a, b);
}

function recursiveRatio(counts: Narrow, l: number): number | null {
  if (counts.length < l) return null;
  const falling = Float64Array.from(counts).sort().reverse();
  let tail = 0;
  for (let index = l - 1; index < falling.length; index++) tail += falling[index] ?? 0;
  return (falling[0] ?? 0) / tail;
}

/**
 * Ordered distance of Li, Li & Venkatasubramanian (2007), section 5.2: the values of the whole file in rising order are
 * m steps, EMD = Σ |Q_i − P_i| / (m − 1) over cumulative shares. Between two values of a class Q is flat, so a stretch
 * costs one bisection over prefix sums of P instead of a walk.
 */
function orderedScale(
  levels: readonly string[],
  totals: Float64Array,
  known: number,
): { distance(entries: SensitiveEntries, start: number, end: number, size: number): number } | null {
  const present = levels.flatMap((level, index) => ((totals[index + 1] ?? 0) > 0 ? [{ level, code: index + 1 }] : []));
  if (present.length < 2 || present.some(({ level }) => !Number.isFinite(parseNumber(level)))) return null;
  const stepOf = new Uint32Array(levels.length + 1);
  /** Cumulative people up to and with each step, and the sums of those before it. */
  const cumulative = new Float64Array(present.length);
  const before = new Float64Array(present.length + 1);
  let sum = 0;
  for (const [step, { code }] of present.entries()) {
    stepOf[code] = step;
    sum += totals[code] ?? 0;
    cumulative[step] = sum;
    before[step + 1] = (before[step] ?? 0) + sum;
  }
  /** Σ |level − P_i| over steps [from, to), in people. */
  const stretch = (level: number, from: number, to: number): number => {
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((cumulative[middle] ?? 0) < level) low = middle + 1;
      else high = middle;
    }
    const under = level * (low - from) - ((before[low] ?? 0) - (before[from] ?? 0));
    const over = (before[to] ?? 0) - (before[low] ?? 0) - level * (to - low);
    return under + over;
  };
  return {
    distance(entries, start, end, size) {
      let level = 0;
      let from = 0;
      let moved = 0;
      for (let entry = start; entry < end; entry++) {
        const step = stepOf[entries.codes[entry] ?? 0] ?? 0;
        moved += stretch(level, from, step);
        level += ((entries.counts[entry] ?? 0) / size) * known;
        from = step;
      }
      moved += stretch(level, from, present.length);
      return moved / known / (present.length - 1);
    },
  };
}
