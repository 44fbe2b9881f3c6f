/** What measuring groups asks of an audit's settings. */
export interface GroupSettings {
  /** Equal-width bins of the calibration error. */
  readonly bins: number;
  readonly confidence: number;
  /** Groups of fewer rows stand outside disparities; 0 compares all. */
  readonly min_count: number;
  /** Draws of resampled intervals and of tests. */
  readonly replicates: number;
}
