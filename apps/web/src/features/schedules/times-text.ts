import type { Locale } from "@assay/schema";
import type { useTranslations } from "next-intl";
import { readTimes } from "./times.ts";

/** A Sunday. */
const sundayMs = Date.UTC(2026, 0, 4);
const dayMs = 24 * 3600 * 1000;

export function weekdayName(weekday: number, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" }).format(sundayMs + weekday * dayMs);
}

/** When a schedule comes, in words: `Every Monday at 06:00, Europe/Berlin`. */
export function timesText(
  { cron, timeZone }: { readonly cron: string; readonly timeZone: string },
  t: ReturnType<typeof useTranslations<"schedules.times">>,
  locale: Locale,
): string {
  return t("zone", { times: timesOf(cron, t, locale), zone: timeZone });
}

function timesOf(cron: string, t: ReturnType<typeof useTranslations<"schedules.times">>, locale: Locale): string {
  const times = readTimes(cron);
  switch (times.kind) {
    case "daily":
      return t("daily", { time: times.time });
    case "weekly":
      return t("weekly", { time: times.time, day: weekdayName(times.weekday, locale) });
    case "monthly":
      return times.day === null
        ? t("monthlyLast", { time: times.time })
        : t("monthly", { time: times.time, day: times.day });
    case "own":
      return t("own", { cron });
  }
}
