import { parseNumber } from "./number-text.ts";

/** Order by Unicode code point: JavaScript's own `<` goes by UTF-16 unit and puts U+1F600 before U+FF21. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    let left = a.charCodeAt(index);
    let right = b.charCodeAt(index);
    if (left !== right) {
      // Surrogates stand for code points above every other unit.
      if (left >= 0xd800 && right >= 0xd800) {
        left = left >= 0xe000 ? left - 0x800 : left + 0x2000;
        right = right >= 0xe000 ? right - 0x800 : right + 0x2000;
      }
      return left - right;
    }
  }
  return a.length - b.length;
}

/**
 * The order of a column's levels, as indexes into `texts`: numerically where every text is a number (equal numbers
 * by code point: `1` before `1.0`), else by code point.
 */
export function levelOrder(texts: readonly string[]): Uint32Array {
  const order = Uint32Array.from(texts, (_, index) => index);
  const values = new Float64Array(texts.length);
  let numeric = true;
  for (let index = 0; index < texts.length && numeric; index++) {
    const value = parseNumber(texts[index] ?? "");
    values[index] = value;
    numeric = !Number.isNaN(value);
  }
  const byText = (a: number, b: number): number => compareCodePoints(texts[a] ?? "", texts[b] ?? "");
  return numeric ? order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || byText(a, b)) : order.sort(byText);
}
