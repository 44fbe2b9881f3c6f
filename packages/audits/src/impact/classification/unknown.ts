/** Why a measure is unknown; in Chinese in reasons.ts. */
export const neverPredicted = "class never predicted";
export const noRow = "no row with both label and prediction";
export const noRowOfClass = "class has no rows";
/** Rows are there, yet none of them counts. */
export const onlyWeightless = "only rows of weight 0";
