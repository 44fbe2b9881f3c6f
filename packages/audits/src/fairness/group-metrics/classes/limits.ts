/** A table of more classes is nothing that a person can read. */
export const mostClasses = 200;

/** Classes whose own rates are compared at most; of more, accuracy and the metrics of the whole table are. */
export const mostRated = 30;

/** Cells of all groups' tables together at most: beyond it the metrics of the whole table stand for all rows alone. */
export const mostCells = 4_000_000;

/** Groups whose tables are shuffled at most: each shuffle is studentised anew in every one. */
export const mostShuffled = 1000;

/** Measures of single classes of one grouping at most: fewer groups are printed where classes are many. */
export const mostClassMeasures = 20_000;
