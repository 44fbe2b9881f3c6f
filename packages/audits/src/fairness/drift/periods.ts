export const periodKinds = ["day", "week", "month", "quarter", "year"] as const;
export type PeriodKind = (typeof periodKinds)[number];

const pattern = /^(\d{4})(?:([-/])(\d{2})(?:\2(\d{2})(?:[T ].*)?)?)?$/;
const dayMs = 24 * 3600 * 1000;

/**
 * The period a time lies in, as the file writes it, without regard to time zones: `2026-06-30`, `2026-W27` (ISO 8601), `2026-06`,
 * `2026-Q2`, `2026`. Null where the text is no time, or too coarse for the period. Texts of one kind sort by time.
 */
export function periodOf(text: string, kind: PeriodKind): string | null {
  const match = pattern.exec(text.trim());
  if (match === null) return null;
  const [, year = "", , month, day] = match;
  if (kind === "year") return month !== undefined && !isMonth(month) ? null : year;
  if (month === undefined || !isMonth(month)) return null;
  if (kind === "month") return `${year}-${month}`;
  if (kind === "quarter") return `${year}-Q${Math.ceil(Number(month) / 3)}`;
  if (day === undefined) return null;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (new Date(at).getUTCMonth() !== Number(month) - 1) return null;
  return kind === "day" ? `${year}-${month}-${day}` : weekOf(at);
}

function isMonth(text: string): boolean {
  return Number(text) >= 1 && Number(text) <= 12;
}

/** The ISO week belongs to the year of its Thursday. */
function weekOf(at: number): string {
  const weekday = (new Date(at).getUTCDay() + 6) % 7;
  const thursday = at + (3 - weekday) * dayMs;
  const year = new Date(thursday).getUTCFullYear();
  const week = Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * dayMs)) + 1;
  return `${String(year).padStart(4, "0")}-W${String(week).padStart(2, "0")}`;
}
