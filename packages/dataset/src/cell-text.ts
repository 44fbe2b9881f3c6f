/** `2013-08-13T06:03:42.5` of a count of 10^-digits seconds since 1970, without trailing zeros. */
export function isoTime(count: bigint, digits: number): string {
  const perSecond = 10n ** BigInt(digits);
  const fraction = ((count % perSecond) + perSecond) % perSecond;
  const seconds = Number((count - fraction) / perSecond);
  const whole = new Date(seconds * 1000).toISOString().slice(0, -5);
  return fraction === 0n ? whole : `${whole}.${String(fraction).padStart(digits, "0").replace(/0+$/, "")}`;
}

/** An integer with `scale` digits after the point, without zeros at its end: 1250 with 2 is 12.5. */
export function decimalText(value: bigint, scale: number): string {
  const sign = value < 0n ? "-" : "";
  const digits = String(value < 0n ? -value : value);
  if (scale <= 0) return digits === "0" ? "0" : sign + digits + "0".repeat(-scale);
  const padded = digits.padStart(scale + 1, "0");
  const fraction = padded.slice(-scale).replace(/0+$/, "");
  const whole = padded.slice(0, -scale);
  const unsigned = fraction === "" ? whole : `${whole}.${fraction}`;
  return unsigned === "0" ? "0" : sign + unsigned;
}

/** The double that prints like the single: 0.1, not 0.10000000149011612. */
export function shortestSingle(value: number): number {
  if (!Number.isFinite(value) || Number.isInteger(value)) return value;
  for (let digits = 6; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return Number(value.toPrecision(9));
}
