/** Resampling is worth its cost for this many groups of a grouping; beyond it the linearised interval stands, and says so. */
export const mostBootstrapped = 200;

/** Groups of a grouping printed one by one at most: the largest. All of them enter the disparities. */
export const mostPrinted = 500;

/** Combinations of protected values whose scores are held apart at most; beyond it they are held over all rows alone. */
export const mostScoreCombinations = 20_000;

/** Groups of a grouping that get metrics of the score at most. */
export const mostScored = 200;

/** Replicates of the calibration error over all groups of a grouping together, and of one group at least and at most. */
export const calibrationReplicates = { all: 8000, least: 400, most: 2000 } as const;
