import { criticalValue, normalCdf } from "../statistics/index.ts";

/** What exchanged tables say of a statistic: how likely one so large is, and how far an interval reaches with the same answer. */
export interface ExchangeReach {
  readonly p: number;
  /** In standard errors: 0 lies within this reach of the estimate where, and only where, p is above 1 − confidence. */
  readonly reach: number;
}

const rounding = 1e-9;

/**
 * p of a studentised difference `seen` (its size) among those of tables whose two decisions of a row are exchanged, and the reach of
 * the interval that it leaves. It is held against the normal law too: rows that are decided differently may be so few that exchanges
 * cannot tell a difference from none. Studentised, the test is exact where the two decide alike and holds its size, as rows grow,
 * where they differ in all but the metric: Janssen, Statistics & Probability Letters 36 (1997) 9–21,
 * doi:10.1016/S0167-7152(97)00043-6; Chung and Romano, Annals of Statistics 41 (2013) 484–507, doi:10.1214/13-AOS1090.
 * @param statistics f64[replicates], sorted in place
 */
export function exchangeReach(seen: number, statistics: Float64Array, confidence: number): ExchangeReach {
  // Rounding must not part what is equal; the table observed counts as one of the exchanged.
  let extreme = 1;
  for (const statistic of statistics) if (statistic >= seen * (1 - rounding)) extreme++;
  const p = Math.min(1, Math.max(extreme / (statistics.length + 1), 2 * normalCdf(-seen)));
  // As many exchanged tables may lie above as leave p at its bound.
  const above = Math.floor((1 - confidence) * (statistics.length + 1) + rounding) - 1;
  const least = above < 0 ? Number.POSITIVE_INFINITY : (statistics.sort()[statistics.length - 1 - above] ?? 0);
  return { p, reach: Math.max(criticalValue(confidence), least * (1 + 2 * rounding)) };
}
