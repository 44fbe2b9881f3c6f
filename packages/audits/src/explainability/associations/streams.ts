/** Philox streams of this audit. */
export const streams = { holdOut: 3_101, holdOutCounts: 3_102, permutations: 3_200 } as const;
