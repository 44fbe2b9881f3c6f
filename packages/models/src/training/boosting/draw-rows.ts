import type { PhiloxStream } from "@assay/compute";

/** `count` of the given numbers, each set as likely; ascending. */
export function drawSome(of: Uint32Array, count: number, random: PhiloxStream): Uint32Array {
  const pool = of.slice();
  for (let place = 0; place < count; place++) {
    const other = place + random.integer(pool.length - place);
    const kept = pool[place] ?? 0;
    pool[place] = pool[other] ?? 0;
    pool[other] = kept;
  }
  return pool.slice(0, count).sort();
}

/** The rows that are not held out: of each class `fraction` are, at least one where it has two. Ascending. */
export function drawTraining(
  strata: ArrayLike<number> | null,
  rows: number,
  fraction: number,
  random: PhiloxStream,
): Uint32Array {
  const byClass = new Map<number, number[]>();
  for (let row = 0; row < rows; row++) {
    const own = strata?.[row] ?? 0;
    const list = byClass.get(own);
    if (list) list.push(row);
    else byClass.set(own, [row]);
  }
  const kept: number[] = [];
  for (const key of [...byClass.keys()].sort((a, b) => a - b)) {
    const all = Uint32Array.from(byClass.get(key) ?? []);
    const held = Math.min(all.length - 1, Math.max(1, Math.round(all.length * fraction)));
    kept.push(...drawSome(all, all.length - held, random));
  }
  return Uint32Array.from(kept).sort();
}
