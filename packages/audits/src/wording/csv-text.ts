/** A text as a CSV field: quoted where needed; a leading character that spreadsheets run as a formula is made harmless, as in a report's CSV. */
export function csvText(text: string): string {
  const safe = /^[=+\-@＝＋－＠\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
