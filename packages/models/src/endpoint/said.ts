import { redact } from "@assay/schema";

/**
 * The beginning of what a server says, on one line, without secrets that it gives back and without signs that a terminal
 * would follow. A secret is looked for before the text is cut, and once more when it is on one line.
 */
export function said(text: string, secrets: Readonly<Record<string, string>>, most: number): string {
  const line = redact(text, secrets)
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, " ")
    .trim();
  const told = redact(line, secrets);
  return told.length <= most ? told : `${told.slice(0, most)}…`;
}
