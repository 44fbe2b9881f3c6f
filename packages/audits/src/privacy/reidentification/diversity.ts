import { parseNumber } from "@assay/dataset";
import type { SensitiveEntries } from "./classes.ts";
import type { Narrow } from "./narrow.ts";
import { wholeRatio } from "./whole-ratio.ts";

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
  /** exp of the smallest class entropy: entropy l-diversity, not truncated; the whole number l for l equal counts. */
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
    const gain = gainOf(entries, start, end, size, totals, known);
    distinct = Math.min(distinct, end - start);
    entropy = Math.min(entropy, entropyOf(entries.counts.subarray(start, end), size));
    t = Math.max(t, gain.all);
    beta = Math.max(beta, gain.relative);
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
    entropy,
    recursive,
    t,
    tOrdered: ordered ? tOrdered : null,
    beta,
    belowL,
    homogeneous,
  };
}

/** exp of the entropy of shares: l itself where l values are equally often, whatever its logarithm would round to. */
function entropyOf(counts: Narrow, size: number): number {
  if (counts.every((count) => count === counts[0])) return counts.length;
  let nats = 0;
  for (const count of counts) nats -= (count / size) * Math.log(count / size);
  return Math.exp(nats);
}

/**
 * Total variation of a class from the whole, and the largest relative gain (q − p) / p of a value. With q = c / m and
 * p = T / N both are ratios of whole numbers, c·N − T·m over m·N or T·m, and are divided once: shares of 0.8 and 0.2
 * against 0.5 and 0.5 are 0.3 apart, not 0.30000000000000004.
 */
function gainOf(
  entries: SensitiveEntries,
  start: number,
  end: number,
  size: number,
  totals: Float64Array,
  known: number,
): { readonly all: number; readonly relative: number } {
  if (size * known > Number.MAX_SAFE_INTEGER) return wideGainOf(entries, start, end, size, totals, known);
  let gained = 0;
  let relative = 0;
  for (let entry = start; entry < end; entry++) {
    const expected = (totals[entries.codes[entry] ?? 0] ?? 0) * size;
    const over = (entries.counts[entry] ?? 0) * known - expected;
    if (over <= 0) continue;
    gained += over;
    relative = Math.max(relative, over / expected);
  }
  return { all: gained / (size * known), relative };
}

/** The same where products have more digits than a double holds. */
function wideGainOf(
  entries: SensitiveEntries,
  start: number,
  end: number,
  size: number,
  totals: Float64Array,
  known: number,
): { readonly all: number; readonly relative: number } {
  const [m, n] = [BigInt(size), BigInt(known)];
  let gained = 0n;
  let relative = 0;
  for (let entry = start; entry < end; entry++) {
    const expected = BigInt(totals[entries.codes[entry] ?? 0] ?? 0) * m;
    const over = BigInt(entries.counts[entry] ?? 0) * n - expected;
    if (over <= 0n) continue;
    gained += over;
    relative = Math.max(relative, wholeRatio(over, expected));
  }
  return { all: wholeRatio(gained, m * n), relative };
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
 * costs one bisection over prefix sums of P instead of a walk. Both are scaled by people of the file × people of the class
 * and divided at the end: exact as long as that product times m is below 2^53.
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
  /** Σ |level − size × P_i| over steps [from, to), `level` in people × size. */
  const stretch = (level: number, size: number, from: number, to: number): number => {
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((cumulative[middle] ?? 0) * size < level) low = middle + 1;
      else high = middle;
    }
    const under = level * (low - from) - ((before[low] ?? 0) - (before[from] ?? 0)) * size;
    const over = ((before[to] ?? 0) - (before[low] ?? 0)) * size - level * (to - low);
    return under + over;
  };
  return {
    distance(entries, start, end, size) {
      let level = 0;
      let from = 0;
      let moved = 0;
      for (let entry = start; entry < end; entry++) {
        const step = stepOf[entries.codes[entry] ?? 0] ?? 0;
        moved += stretch(level, size, from, step);
        level += (entries.counts[entry] ?? 0) * known;
        from = step;
      }
      moved += stretch(level, size, from, present.length);
      return moved / (known * size * (present.length - 1));
    },
  };
}
