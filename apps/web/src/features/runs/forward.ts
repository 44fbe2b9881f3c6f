/** Where a run stands, as the page shows it. */
export interface Standing {
  readonly done: number;
  readonly total: number;
  /** 0 to 1. */
  readonly fraction: number;
}

/**
 * Progress moves forward only: a later round adds steps, which would draw the bar back, and an old event may come late.
 * The count is told as it is; the bar waits.
 */
export function forward(before: Standing, { done, total }: { done: number; total: number }): Standing {
  const fraction = total === 0 ? 0 : done / total;
  return {
    done: Math.max(before.done, done),
    total: Math.max(before.total, total),
    fraction: Math.min(1, Math.max(before.fraction, fraction)),
  };
}
