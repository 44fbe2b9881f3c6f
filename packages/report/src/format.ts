import type { Locale, Table } from "@assay/schema";

/**
 * How numbers are set, on every page, figure and file. Own code, not Intl: the same digits on every host and
 * ICU version. Both languages group by thousands; only the space before `%` differs.
 */
export type NumberFormat = Exclude<Table["columns"][number]["format"], "text"> | "bits";

export interface FormatOptions {
  /** Ends of the interval, in the value's own unit: the digits it justifies are printed. */
  readonly low?: number | null | undefined;
  readonly high?: number | null | undefined;
  /** Digits after the point, where a column shares them; wins over the interval. */
  readonly decimals?: number | undefined;
  /** Print the unit (`%`, points, bits) behind the number. */
  readonly unit?: boolean | undefined;
}

export interface Estimate {
  readonly value: number | null;
  readonly low?: number | null | undefined;
  readonly high?: number | null | undefined;
}

/** What stands where a number is not known. */
export const notKnown = "–";
const minus = "−";
/** Narrow and no-break: a number never parts from its unit. */
const thinSpace = "\u202f";

/** Digits printed where no interval says otherwise. */
const usual = { bits: 3, count: 0, number: 3, p: 3, percent: 1, points: 1, ratio: 2 } as const satisfies Record<
  NumberFormat,
  number
>;
/** Past this many digits a number is false precision, whatever its interval. */
const most = { bits: 6, count: 1, number: 6, p: 3, percent: 4, points: 4, ratio: 6 } as const satisfies Record<
  NumberFormat,
  number
>;

/** One number as text. `percent` and `points` are shares (0 to 1) and printed × 100. */
export function formatNumber(
  value: number | null,
  format: NumberFormat,
  locale: Locale,
  options: FormatOptions = {},
): string {
  if (value === null || !Number.isFinite(value)) return notKnown;
  if (format === "p") return formatP(value);
  const decimals = options.decimals ?? decimalsFor(format, [{ value, low: options.low, high: options.high }]);
  const text = digits(value * scaleOf(format), decimals);
  return options.unit ? text + unitOf(format, locale) : text;
}

/** `42.6 – 47.2`; with a negative end the dash would read as a sign: `−23.5 to 16.0`. */
export function formatInterval(
  low: number | null | undefined,
  high: number | null | undefined,
  format: NumberFormat,
  locale: Locale,
  options: { readonly decimals?: number | undefined; readonly words?: boolean | undefined } = {},
): string {
  if (low === null || low === undefined || high === null || high === undefined) return "";
  const decimals = options.decimals ?? decimalsFor(format, [{ value: low, low, high }]);
  const between = options.words || low < 0 || high < 0 ? (locale === "en" ? " to " : " 至 ") : " – ";
  return `${formatNumber(low, format, locale, { decimals })}${between}${formatNumber(high, format, locale, { decimals })}`;
}

/** `0.032`, `< 0.001`. */
export function formatP(p: number): string {
  if (p < 0.001) return "< 0.001";
  return digits(p, 3);
}

/** `p = 0.032`, `p < 0.001`. */
export function formatPEquation(p: number): string {
  return p < 0.001 ? "p < 0.001" : `p = ${digits(p, 3)}`;
}

/**
 * The digits a set of estimates shares, so that they align on the point: as many as the middle interval justifies.
 * The last digit printed is at most a fifth of the half width: ± 2.3 points print one digit, ± 28 none.
 */
export function decimalsFor(format: NumberFormat, estimates: readonly Estimate[]): number {
  if (format === "p") return 3;
  const scale = scaleOf(format);
  const widths = estimates
    .map(({ low, high }) => (typeof low === "number" && typeof high === "number" ? ((high - low) / 2) * scale : 0))
    .filter((width) => width > 0)
    .sort((a, b) => a - b);
  const middle = widths[Math.floor((widths.length - 1) / 2)];
  if (middle !== undefined) return clamp(Math.ceil(-Math.log10(middle / 5) - 0.05), 0, most[format]);
  const values = estimates.map(({ value }) => value).filter((value) => value !== null);
  if (values.every((value) => Number.isInteger(value * scale)) && format !== "percent" && format !== "points") return 0;
  if (format === "count") return 1;
  if (format === "number" || format === "bits") {
    const largest = Math.max(...values.map((value) => Math.abs(value)));
    const significant = clamp(usual[format] - 1 - Math.floor(Math.log10(largest || 1)), 0, most[format]);
    return Math.min(significant, exactDecimals(values, significant));
  }
  return usual[format];
}

/** The fewest digits that print every value in full, at most `greatest`: 0.5, 1.5 and 10.5 need one. */
function exactDecimals(values: readonly number[], greatest: number): number {
  for (let decimals = 0; decimals < greatest; decimals++) {
    if (values.every((value) => Math.abs(Number(value.toFixed(decimals)) - value) <= 1e-12 * Math.abs(value)))
      return decimals;
  }
  return greatest;
}

/** What stands behind a number: thin space and `%` in English, `%` in Chinese, words for points and bits. */
export function unitOf(format: NumberFormat, locale: Locale): string {
  if (format === "percent") return locale === "en" ? `${thinSpace}%` : "%";
  if (format === "points") return locale === "en" ? "\u00a0points" : "\u00a0个百分点";
  if (format === "bits") return locale === "en" ? "\u00a0bits" : "\u00a0比特";
  return "";
}

/** The unit once, for a head or an axis: `%`, `points`, nothing. */
export function unitWord(format: NumberFormat, locale: Locale): string {
  return unitOf(format, locale).trim();
}

function scaleOf(format: NumberFormat): number {
  return format === "percent" || format === "points" ? 100 : 1;
}

function digits(value: number, decimals: number): string {
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 0.5 * 10 ** -decimals && size < 1e-4)) return scientific(value);
  const fixed = size.toFixed(decimals);
  const [whole = "", fraction] = fixed.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return value < 0 && /[1-9]/.test(text) ? minus + text : text;
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function scientific(value: number): string {
  const [mantissa = "", exponent = "0"] = Math.abs(value).toExponential(2).split("e");
  const power = Number(exponent);
  const raised = String(Math.abs(power)).replace(/\d/g, (digit) => superscripts[Number(digit)] ?? digit);
  return `${value < 0 ? minus : ""}${mantissa} × 10${power < 0 ? "⁻" : ""}${raised}`;
}

function clamp(value: number, least: number, greatest: number): number {
  return Math.min(greatest, Math.max(least, value));
}
