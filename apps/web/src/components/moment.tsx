import { useLocale, useTimeZone } from "next-intl";

const languages = { en: "en-GB", "zh-CN": "zh-CN" } as const;

/** A date and time in the reader's zone: `23 Nov 2026, 14:02`. */
export function Moment({ at }: { at: string }) {
  const locale = useLocale();
  const timeZone = useTimeZone();
  const text = new Intl.DateTimeFormat(languages[locale], {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone,
  }).format(new Date(at));
  return (
    <time dateTime={at} className="whitespace-nowrap">
      {text}
    </time>
  );
}
