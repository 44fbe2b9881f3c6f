/**
 * A text as a CSV field: quoted where needed; a leading character that spreadsheets run as a formula (OWASP, CSV injection) is
 * made harmless by an apostrophe. A report's own CSV and the files beside a report are written by this one rule.
 */
export function csvText(text: string): string {
  const safe = /^[=+\-@＝＋－＠\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
