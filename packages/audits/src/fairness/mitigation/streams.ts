/** Philox streams of this audit: apart from each other, whatever the number of groups. */
export const streams = {
  apply: 7_301,
  resample: 7_302,
  replicates: 7_310,
  /** One for each stratum. */
  split: 73_000_000,
} as const;
