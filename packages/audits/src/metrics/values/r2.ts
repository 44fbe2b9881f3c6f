import { exp, log } from "@assay/compute";
import { carriedBy, studentReach, unseen, widest } from "./mean-interval.ts";
import { scikitRegression, type ValueMetric } from "./value-metric.ts";

/**
 * 1 − Σ(y − p)² / Σ(y − ȳ)². Its interval is taken on the scale of log(1 − R²), whose influence function is
 * e²/E e² − (y − ȳ)²/Var y: there it stays below 1 and is nearer to symmetric.
 */
export const r2: ValueMetric = {
  name: "r2",
  label: { en: "R²", "zh-CN": "决定系数 R²" },
  meaning: {
    en: "the share of the label's spread within the group that the prediction accounts for; below zero, the group's own mean would do better",
    "zh-CN": "组内真实值的差异中，预测所能解释的比例；小于零表示还不如直接用该组的平均值",
  },
  range: [Number.NEGATIVE_INFINITY, 1],
  needs: "both",
  hasRatio: true,
  estimate: ({ square, labelVariance, logShareError }) => {
    const { n } = square;
    if (n < 2 || !(labelVariance > 0)) return null;
    const share = square.mean / labelVariance;
    const value = 1 - share;
    if (share === 0) {
      // Without any error seen: rows that were not seen are let in, as far off as any row of the data.
      const interval = (z: number): { low: number; high: number } => ({
        low: 1 - unseen(square, z).high / labelVariance,
        high: 1,
      });
      return { value, n, se: (1 - interval(1.96).low) / 3.92, interval, method: "unseen", tested: null };
    }
    if (!(logShareError > 0)) return null;
    const degrees = carriedBy(square);
    return {
      value,
      n,
      se: share * logShareError,
      interval: (z) => {
        const factor = exp(Math.min(widest, studentReach(z, degrees) * logShareError));
        return { low: 1 - share * factor, high: 1 - share / factor };
      },
      method: "student-log",
      tested: { value: log(share), standardError: logShareError, degrees },
    };
  },
  undefinedReason:
    "needs two rows whose labels differ, and labels that lie not more than 2,000 of their standard deviations from 0",
  reference: scikitRegression("R²"),
};
