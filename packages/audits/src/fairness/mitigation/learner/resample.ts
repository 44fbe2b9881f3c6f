import { shuffledIndex } from "@assay/compute";
import type { Rows } from "../rows.ts";
import { streams } from "../streams.ts";

/**
 * Rows learned from, drawn so that label and group are independent: of each pair of group and label as many rows as their
 * shares alone would give, to the nearest row; too many are drawn without repetition, too few are all taken as often as
 * there is room and the rest drawn without repetition.
 * F. Kamiran and T. Calders, Knowl. Inf. Syst. 33 (2012) 1–33, section 4.3 (uniform sampling), doi:10.1007/s10115-011-0463-8.
 * @returns u32[rows]: how often each row is taken
 */
export function resampling({ group, label, train, groups }: Rows, seed: number): Uint32Array {
  const sizes = new Float64Array(groups.length * 2);
  const cellOf = (row: number): number => (group[row] ?? 0) * 2 + ((label[row] ?? 1) - 1);
  let all = 0;
  const byLabel = new Float64Array(2);
  for (const [row, times] of train.entries()) {
    if (times === 0) continue;
    const cell = cellOf(row);
    sizes[cell] = (sizes[cell] ?? 0) + 1;
    byLabel[cell & 1] = (byLabel[cell & 1] ?? 0) + 1;
    all++;
  }
  const wanted = sizes.map((size, cell) => {
    const ofGroup = (sizes[cell & ~1] ?? 0) + (sizes[cell | 1] ?? 0);
    return size > 0 ? Math.round((ofGroup * (byLabel[cell & 1] ?? 0)) / all) : 0;
  });
  const seen = new Float64Array(sizes.length);
  return Uint32Array.from(train, (times, row) => {
    if (times === 0) return 0;
    const cell = cellOf(row);
    const size = sizes[cell] ?? 1;
    const place = seen[cell] ?? 0;
    seen[cell] = place + 1;
    const whole = Math.floor((wanted[cell] ?? 0) / size);
    const rest = (wanted[cell] ?? 0) - whole * size;
    return whole + (shuffledIndex(seed, streams.resample * 100_000 + cell, size, place) < rest ? 1 : 0);
  });
}
