/** Numbers as they stand in sentences: the same in English and Chinese, and on every host (no Intl data needed). */

/** 11972 → `11,972`. Integers. */
export function countText(value: number): string {
  return sign(value) + group(String(Math.abs(Math.round(value))));
}

/** A share of 0 to 1 as a percentage: 0.2451 → `24.5 %`. Never rounds to 0 % or 100 % what is neither. */
export function percentText(share: number, decimals = 1): string {
  const percent = share * 100;
  const least = 10 ** -decimals;
  if (percent > 0 && percent < least / 2) return `< ${least.toFixed(decimals)} %`;
  if (percent < 100 && percent > 100 - least / 2) return `> ${(100 - least).toFixed(decimals)} %`;
  return `${decimalText(percent, decimals)} %`;
}

/** A share that somebody chose, as it was written: 0.95 → `95 %`, 0.025 → `2.5 %`. Three significant digits. */
export function shareText(share: number): string {
  return `${Number((share * 100).toPrecision(share > 0.99 ? 4 : 3))} %`;
}

/** A fixed number of decimals, a true minus sign, no negative zero: -0.5 → `−0.50`. */
export function decimalText(value: number, decimals = 2): string {
  const text = Math.abs(value).toFixed(decimals);
  const [whole = "", fraction] = text.split(".");
  const isZero = Number(text) === 0;
  return (isZero ? "" : sign(value)) + group(whole) + (fraction === undefined ? "" : `.${fraction}`);
}

/**
 * Three significant digits, or as many as asked: 12345.678 → `12,346`, 0.012345 → `0.0123`, 1.5 → `1.50`. From a thousand millions
 * on, and under a millionth, with an exponent: 998536273594 → `9.99e+11`.
 */
export function significantText(value: number, digits = 3): string {
  if (value === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(value)));
  if (size < -6 || size > 14 || (size > 8 && size >= digits))
    return value.toExponential(digits - 1).replaceAll("-", "−");
  return decimalText(value, Math.max(0, digits - 1 - size));
}

/** A number before or after a change, with the digits in which the change shows: at least three, and two of the change. */
export function changingText(value: number, change: number): string {
  if (value === 0 || change === 0) return significantText(value);
  const apart = Math.floor(Math.log10(Math.abs(value))) - Math.floor(Math.log10(Math.abs(change)));
  // A number holds no more than 17.
  return significantText(value, Math.min(17, Math.max(3, apart + 2)));
}

/** A p value: `p < 0.001`, else `p = 0.012`. */
export function pText(p: number): string {
  return p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(3)}`;
}

function sign(value: number): string {
  return value < 0 ? "−" : "";
}

function group(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}
