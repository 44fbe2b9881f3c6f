/**
 * A row takes part in a shuffled score twice: with its own label and other features, and as the donor of its value to
 * another row. Adds the influences of one repeat, each already divided by the number of repeats, to both parts.
 */
export function addInfluence(
  shuffled: Float64Array,
  donors: Uint32Array,
  asTarget: Float64Array,
  asDonor: Float64Array,
): void {
  for (let row = 0; row < shuffled.length; row++) {
    const value = shuffled[row] ?? 0;
    const donor = donors[row] ?? 0;
    asTarget[row] = (asTarget[row] ?? 0) + value;
    asDonor[donor] = (asDonor[donor] ?? 0) + value;
  }
}

export interface Influences {
  /** Of each row on the score before. */
  readonly own: Float64Array;
  /** 1 where more is better, else −1. */
  readonly sign: number;
  /** Sums of `addInfluence` over the repeats; times `sign`. */
  readonly asTarget: Float64Array;
  readonly asDonor: Float64Array;
  /** u32[repeats × rows]: the donors. */
  readonly indexes: Uint32Array;
  readonly repeats: number;
}

/**
 * Each row's influence on the importance: what another sample of rows would change of it, to first order.
 *
 * The shuffled score is a two-sample statistic of rows and donors. A row's effect as a target is its mean over the
 * repeats; its effect as a donor the mean of what its value did to the rows it came to, beyond what these rows have
 * anyway (Hájek's projection). With few repeats both still hold some of what is between them, which the variance of the
 * shuffles has too: the interval is a little wide, never narrow.
 */
export function importanceInfluence(parts: Influences): Float64Array {
  const { own, sign, asTarget, asDonor, indexes, repeats } = parts;
  const rows = own.length;
  const expected = new Float64Array(rows);
  for (let at = 0; at < indexes.length; at++) {
    const donor = indexes[at] ?? 0;
    expected[donor] = (expected[donor] ?? 0) + (asTarget[at % rows] ?? 0) / repeats;
  }
  // A row's mean holds the donor's own repeat too.
  const scale = repeats / (repeats - 1);
  return Float64Array.from(
    own,
    (value, row) => sign * value - (asTarget[row] ?? 0) - scale * ((asDonor[row] ?? 0) - (expected[row] ?? 0)),
  );
}
