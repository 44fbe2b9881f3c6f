/**
 * Labels of the intervals that `breaks` cut, closed below: `<25`, `25–44`, `≥45` for integers, else `<0.5`,
 * `0.5–<0.7`, `≥0.7`.
 */
export function bandLabels(breaks: readonly number[], integers: boolean): string[] {
  const whole = integers && breaks.every(Number.isInteger);
  const labels = [`<${breaks[0]}`];
  for (let index = 0; index + 1 < breaks.length; index++) {
    const low = breaks[index] ?? 0;
    const high = breaks[index + 1] ?? 0;
    labels.push(whole ? (high - 1 === low ? `${low}` : `${low}–${high - 1}`) : `${low}–<${high}`);
  }
  labels.push(`≥${breaks[breaks.length - 1]}`);
  return labels;
}

/** Index of the band that holds a value: the number of breaks at or below it. */
export function bandOf(value: number, breaks: readonly number[]): number {
  let band = 0;
  while (band < breaks.length && value >= (breaks[band] ?? 0)) band++;
  return band;
}
