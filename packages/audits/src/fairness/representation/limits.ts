/** Groups of a grouping printed one by one at most: the largest. All of them enter shares and tests. */
export const mostPrinted = 500;

/** Groups of a protected column at most where proxies are looked for. */
export const mostProxied = 200;

/** Missing shares printed by group for one protected column at most, over all columns with missing values. */
export const mostMissingPrinted = 5000;

/** Rows that a text of a feature needs to have a bin of its own. */
export const leastInBin = 5;
