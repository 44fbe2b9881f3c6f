/** Resampling is worth its cost for this many groups of a grouping; beyond it the linearised interval stands, and says so. */
export const mostBootstrapped = 200;

/** Groups of a grouping printed one by one at most: the largest. All of them enter the disparities. */
export const mostPrinted = 500;
