/** Philox streams of this audit's fits, missing values and proxies: apart from those of base rates, which are group metrics'. */
export const streams = {
  fits: 1_001_000_000,
  missing: 1_002_000_000,
  neighbours: 1_004_000_000,
  proxies: 1_003_000_000,
} as const;
