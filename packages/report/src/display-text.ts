import { type Locale, wholeSigns } from "@assay/schema";

/**
 * Texts of the data are strangers' texts: what would break a line, turn the reading direction of what follows or is not
 * allowed in XML becomes a visible mark.
 */
export function displayText(text: string): string {
  return (
    text
      .replace(/[\t\n\r\u2028\u2029]+/g, " ")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g, "\ufffd")
      .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd")
  );
}

/** Text and attribute content of HTML and XML. */
export function escapeHtml(text: string): string {
  return displayText(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/**
 * Sets the numbers in a sentence as `formatNumber` does: `%` after a thin space in English and none in Chinese, and no line
 * end between a number, its unit and its sign (`p < 0.001`, `n = 1,795`).
 */
export function tieNumbers(text: string, locale: Locale): string {
  return text
    .replace(/(\d)[ \u00a0\u2009\u202f]?%/g, locale === "en" ? "$1\u202f%" : "$1%")
    .replace(/(\d) (?=points?\b|个百分点|bits?\b|比特)/g, "$1\u00a0")
    .replace(/§ (?=\d)/g, "§\u00a0")
    .replace(/(?<![\p{L}\d])(\p{L}) ([=<>≤≥]) (?=[−\d])/gu, "$1\u00a0$2\u00a0");
}

/**
 * Width in px of a text set in a system sans, near enough to lay out labels without a browser: full-width signs
 * and emoji one em, the rest by class. Errs wide.
 */
export function textWidth(text: string, fontSizePx: number): number {
  let ems = 0;
  for (const sign of text) ems += signWidth(sign);
  return ems * fontSizePx;
}

function signWidth(sign: string): number {
  const code = sign.codePointAt(0) ?? 0;
  if (/\p{M}|\u200d|[\ufe00-\ufe0f]|[\u{e0020}-\u{e007f}]/u.test(sign)) return 0;
  if (
    code >= 0x1f000 ||
    (code >= 0x1100 &&
      /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(sign))
  ) {
    return code >= 0x1f000 ? 1.3 : 1;
  }
  if (/[iljtfrI.,:;'|!()[\] ]/.test(sign)) return 0.36;
  if (/[mwMW@%]/.test(sign)) return 0.95;
  if (/\p{Lu}/u.test(sign)) return 0.72;
  return 0.61;
}

export interface FittedText {
  readonly text: string;
  /** The whole text, where it had to be cut. */
  readonly full: string | null;
}

/** Cuts a text to a width, at a whole sign, with an ellipsis. */
export function fitText(text: string, widthPx: number, fontSizePx: number): FittedText {
  const shown = displayText(text);
  if (textWidth(shown, fontSizePx) <= widthPx) return { text: shown, full: null };
  let cut = "";
  let used = textWidth("…", fontSizePx);
  for (const sign of wholeSigns(shown)) {
    used += textWidth(sign, fontSizePx);
    if (used > widthPx) break;
    cut += sign;
  }
  return { text: `${cut.trimEnd()}…`, full: shown };
}

/** Cuts a name to a width in its middle: names that begin alike often differ at their ends, and a value stands there. */
export function fitName(text: string, widthPx: number, fontSizePx: number): FittedText {
  const { signs, start, end } = cutMiddle(text, widthPx, fontSizePx);
  if (start === end) return { text: signs.join(""), full: null };
  return {
    text: `${signs.slice(0, start).join("").trimEnd()}…${signs.slice(end).join("").trimStart()}`,
    full: signs.join(""),
  };
}

/** The same for names that stand beside each other: where the cuts would hide what parts two, they are shown from there. */
export function fitNames(names: readonly string[], widthPx: number, fontSizePx: number): FittedText[] {
  const cuts = names.map((name) => cutMiddle(name, widthPx, fontSizePx));
  return names.map((name, index): FittedText => {
    const own = cuts[index];
    if (own === undefined || own.start === own.end) return fitName(name, widthPx, fontSizePx);
    const shared = cuts
      .map(({ signs }) => common(own.signs, signs))
      .filter((count) => count >= own.start && count < own.end);
    if (shared.length === 0) return fitName(name, widthPx, fontSizePx);
    const from = Math.max(1, Math.min(...shared) - 2);
    return {
      text: fitText(`…${own.signs.slice(from).join("")}`, widthPx, fontSizePx).text,
      full: own.signs.join(""),
    };
  });
}

/** The signs of a text, those from `start` to `end` too many for a width: three of the beginning stay for two of the end. */
function cutMiddle(
  text: string,
  widthPx: number,
  fontSizePx: number,
): { readonly signs: readonly string[]; readonly start: number; readonly end: number } {
  const shown = displayText(text);
  const signs = wholeSigns(shown);
  if (textWidth(shown, fontSizePx) <= widthPx) return { signs, start: 0, end: 0 };
  let [start, end] = [0, signs.length];
  let used = textWidth("…", fontSizePx);
  for (let step = 0; start < end; step++) {
    const fromStart = step % 5 < 3;
    used += textWidth(signs[fromStart ? start : end - 1] ?? "", fontSizePx);
    if (used > widthPx) break;
    if (fromStart) start++;
    else end--;
  }
  return { signs, start, end };
}

/** Signs that a text begins with as another does. */
function common(signs: readonly string[], theirs: readonly string[]): number {
  let count = 0;
  while (count < signs.length && signs[count] === theirs[count]) count++;
  return count;
}

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * A label whose parts run in their own directions: without it a number behind a right-to-left name would be drawn before it
 * (`name = 39`). U+2068 and U+2069 stand around each part; other labels stay as they are.
 */
export function isolateParts(text: string): string {
  if (!rightToLeft.test(text)) return text;
  return text
    .split(" = ")
    .map((part) => `\u2068${part}\u2069`)
    .join(" = ");
}

/** Breaks a text into at most `most` lines of a width; the last line is cut where more would follow. */
export function wrapText(
  text: string,
  widthPx: number,
  fontSizePx: number,
  most: number,
): { lines: string[]; full: string | null } {
  const shown = displayText(text);
  // A break may come at a blank, and around every full-width sign.
  const pieces =
    shown.match(/[\u2e80-\ua4cf\uac00-\ud7af\uff00-\uff60]|[^\s\u2e80-\ua4cf\uac00-\ud7af\uff00-\uff60]+\s*|\s+/g) ??
    [];
  const lines: string[] = [];
  let line = "";
  for (const [index, piece] of pieces.entries()) {
    if (line !== "" && textWidth((line + piece).trimEnd(), fontSizePx) > widthPx) {
      if (lines.length === most - 1) {
        lines.push(fitText(line + pieces.slice(index).join(""), widthPx, fontSizePx).text);
        return { lines, full: shown };
      }
      lines.push(line.trimEnd());
      line = "";
    }
    line += piece;
  }
  lines.push(line.trimEnd());
  const fitted = lines.map((one) => fitText(one, widthPx, fontSizePx));
  return { lines: fitted.map((one) => one.text), full: fitted.some((one) => one.full !== null) ? shown : null };
}
