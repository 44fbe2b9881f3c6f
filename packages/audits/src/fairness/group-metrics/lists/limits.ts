/** Different rows of ranked lists that are held at most: each is a score of a group in a list. */
export const mostRows = 2_000_000;

/** Groups of a grouping whose places are compared at most. */
export const mostGroups = 60;

/** Lists times groups of a grouping at most. */
export const mostCells = 500_000;

/** Lists that hold a group at least, before their differences give it an interval. */
export const fewestLists = 10;

/** Places dealt anew by all shuffles of one grouping at most. */
export const mostDeals = 20_000_000;

/** Fewer shuffles than this settle nothing: large lists are tested by the moments of the shuffle instead. */
export const fewestShuffles = 199;
