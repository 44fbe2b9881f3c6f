/** How many rows of each label stand at each score of one group: scores rise, and none stands twice. */
export interface GroupScores {
  readonly scores: ArrayLike<number>;
  /** Σw of the rows of either label; counts where rows carry no weight. */
  readonly positive: ArrayLike<number>;
  readonly negative: ArrayLike<number>;
}

/** A rule "score ≥ threshold" of one group: what it accepts. */
export interface Corner {
  /** +Infinity accepts nobody, −Infinity everybody. */
  readonly threshold: number;
  /** Σw of accepted rows of either label. */
  readonly positive: number;
  readonly negative: number;
}

/**
 * The upper hull of a group's ROC curve in sums of rows: from the rule that accepts nobody to the one that accepts
 * everybody, each corner a threshold. Randomised rules reach every point on it and, mixed with nobody and everybody,
 * below it down to the diagonal; points further down never serve, since the objective grows with accepted positives and
 * falls with accepted negatives.
 * F. Provost and T. Fawcett, Machine Learning 42 (2001) 203–231, doi:10.1023/A:1007601015854.
 */
export function rocHull({ scores, positive, negative }: GroupScores): readonly Corner[] {
  const hull: Corner[] = [{ threshold: Number.POSITIVE_INFINITY, positive: 0, negative: 0 }];
  let up = 0;
  let across = 0;
  for (let index = scores.length - 1; index >= 0; index--) {
    const rows = (positive[index] ?? 0) + (negative[index] ?? 0);
    if (!(rows > 0)) continue;
    up += positive[index] ?? 0;
    across += negative[index] ?? 0;
    const corner = { threshold: scores[index] ?? 0, positive: up, negative: across };
    while (hull.length > 1 && !turnsDown(hull[hull.length - 2], hull[hull.length - 1], corner)) hull.pop();
    hull.push(corner);
  }
  // Everybody, whatever their score: rows met later may score below all that were seen.
  const last = hull[hull.length - 1];
  if (last && hull.length > 1) hull[hull.length - 1] = { ...last, threshold: Number.NEGATIVE_INFINITY };
  return hull;
}

/** Whether the way a → b → c turns to the right, so that b stands out above the line from a to c. */
function turnsDown(a: Corner | undefined, b: Corner | undefined, c: Corner): boolean {
  if (!a || !b) return true;
  return (b.positive - a.positive) * (c.negative - b.negative) > (c.positive - b.positive) * (b.negative - a.negative);
}
