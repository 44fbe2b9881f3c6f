/** Of two classes, what is said of one is said of the other: a rate and its complement are one hypothesis. */
export function hypothesisOf(metric: string, of: number, classes: number): string {
  const name = metric.replace(/-difference$/, "");
  if (classes !== 2) return `${name}|${of}`;
  if (name === "selection-rate") return name;
  return name === "false-positive-rate" ? `true-positive-rate|${1 - of}` : `${name}|${of}`;
}
