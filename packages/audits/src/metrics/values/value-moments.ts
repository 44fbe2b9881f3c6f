/** A quantity of some rows. */
export interface Quantity {
  /** Rows that have it. */
  readonly n: number;
  /** Kish's effective number of them where they carry weights, else n. */
  readonly effective: number;
  readonly mean: number;
  /** Of the mean; 0 where the rows do not differ, NaN of fewer than two. */
  readonly standardError: number;
  /** Lowest and highest over all rows of the data, not of the group alone. */
  readonly least: number;
  readonly most: number;
}

/** What every metric of predicted numbers is a function of. */
export interface ValueMoments {
  readonly prediction: Quantity;
  /** Over rows that have both, like all that follows. */
  readonly label: Quantity;
  /** Prediction less label. */
  readonly residual: Quantity;
  readonly absolute: Quantity;
  readonly square: Quantity;
  /** Σw(y − ȳ)² / Σw. */
  readonly labelVariance: number;
  /** Standard error of log(mean square / label variance); NaN where the sums do not carry it. */
  readonly logShareError: number;
}
