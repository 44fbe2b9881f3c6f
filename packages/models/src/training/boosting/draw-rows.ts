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
  const counts = new Map<number, number>();
  for (let row = 0; row < rows; row++) {
    const own = strata?.[row] ?? 0;
    counts.set(own, (counts.get(own) ?? 0) + 1);
  }
  const kept = new Uint8Array(rows);
  for (const key of [...counts.keys()].sort((a, b) => a - b)) {
    const all = new Uint32Array(counts.get(key) ?? 0);
    let at = 0;
    for (let row = 0; row < rows; row++) if ((strata?.[row] ?? 0) === key) all[at++] = row;
    const held = Math.min(all.length - 1, Math.max(1, Math.round(all.length * fraction)));
    for (const row of drawSome(all, all.length - held, random)) kept[row] = 1;
  }
  return Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => kept[row] === 1);
}
