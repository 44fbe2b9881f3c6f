const clinging = String.raw`(?:\p{M}|\u200d|\ufe0f|[\u{1f3fb}-\u{1f3ff}]|[\u{e0020}-\u{e007f}])*`;
const sign = new RegExp(String.raw`\p{RI}\p{RI}|.${clinging}(?:(?<=\u200d).${clinging})*`, "gsu");

/** A text's signs with what clings to them: joined emoji, flags, skin tones and accents are not cut apart. */
export function wholeSigns(text: string): string[] {
  return text.match(sign) ?? [];
}
