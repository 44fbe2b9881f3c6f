import type { Locale } from "@assay/schema";
import { useLocale, useTimeZone } from "next-intl";

const languages = { en: "en-GB", "zh-CN": "zh-CN" } as const;

/** A date and time in a zone: `23 Nov 2026, 14:02`. */
export function momentText(at: string, locale: Locale, timeZone: string | undefined): string {
  return new Intl.DateTimeFormat(languages[locale], {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone,
  }).format(new Date(at));
}

/** A date and time in the reader's zone. */
export function Moment({ at }: { at: string }) {
  const locale = useLocale();
  const timeZone = useTimeZone();
  return (
    <time dateTime={at} className="whitespace-nowrap">
      {momentText(at, locale, timeZone)}
    </time>
  );
}
