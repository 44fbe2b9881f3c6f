"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { useTRPC } from "../../trpc/client.tsx";

const waitMs = 300;
const languages = { en: "en-GB", "zh-CN": "zh-CN" } as const;

/** The next five times in words, as the server counts them, or what is wrong with the expression. */
export function TimesPreview({ cron, timeZone }: { cron: string; timeZone: string }) {
  const t = useTranslations("schedules.form");
  const locale = useLocale();
  const trpc = useTRPC();
  const [asked, setAsked] = useState({ cron, timeZone });
  useEffect(() => {
    const timer = setTimeout(() => setAsked({ cron, timeZone }), waitMs);
    return () => clearTimeout(timer);
  }, [cron, timeZone]);
  const preview = useQuery({ ...trpc.schedules.preview.queryOptions(asked), placeholderData: keepPreviousData });
  const { times = [], problems = [] } = preview.data ?? {};
  const text = (at: string): string =>
    new Intl.DateTimeFormat(languages[locale], {
      ...{ weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" },
      ...{ hourCycle: "h23", timeZone: asked.timeZone },
    }).format(new Date(at));
  return (
    <section aria-label={t("preview")} aria-live="polite" className="mb-6 min-h-[8.5rem] text-sm">
      <h3 className="m-0 mb-1 text-sm font-medium">{t("preview")}</h3>
      {problems.length > 0 ? (
        <ul className="m-0 list-none p-0 text-fail">
          {problems.map(({ at, message }) => (
            <li key={`${at} ${message.en}`}>
              <span aria-hidden="true">▲ </span>
              {message[locale]}
            </li>
          ))}
        </ul>
      ) : times.length === 0 || preview.isPlaceholderData ? (
        <p className="m-0 text-muted">{t("previewNone")}</p>
      ) : (
        <ol className="m-0 list-none p-0 text-muted">
          {times.map((at) => (
            <li key={at}>
              <time dateTime={at}>{text(at)}</time>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
