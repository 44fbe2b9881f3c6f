/** Round values inside [low, high], about `count` of them: steps of 1, 2 or 5 times a power of ten. */
export function ticks(low: number, high: number, count: number): number[] {
  const step = tickStep(low, high, count);
  if (step === 0) return [low];
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // index × step, not a running sum: 0.1 + 0.2 must not be 0.30000000000000004.
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => clean((first + index) * step));
}

/** The smallest range of whole steps around [low, high]. */
export function niceRange(low: number, high: number, count: number): [number, number] {
  const step = tickStep(low, high, count);
  if (step === 0) return [low - 0.5, high + 0.5];
  return [clean(Math.floor(low / step + 1e-9) * step), clean(Math.ceil(high / step - 1e-9) * step)];
}

/** Digits after the point that tell neighbouring ticks apart. */
export function tickDecimals(values: readonly number[]): number {
  const step = values.length > 1 ? Math.abs((values[1] ?? 0) - (values[0] ?? 0)) : Math.abs(values[0] ?? 1);
  return step === 0 ? 0 : Math.min(8, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
}

function tickStep(low: number, high: number, count: number): number {
  const span = high - low;
  if (!(span > 0)) return 0;
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const fraction = raw / power;
  return (fraction <= 1.000001 ? 1 : fraction <= 2.000001 ? 2 : fraction <= 5.000001 ? 5 : 10) * power;
}

function clean(value: number): number {
  return value === 0 ? 0 : Number(value.toPrecision(12));
}
