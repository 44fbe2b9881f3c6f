"use client";

import { useLocale, useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Field, Input } from "../../components/field.tsx";
import { Segments } from "../../components/segments.tsx";
import { type Times, timesKinds, withKind } from "./times.ts";
import { weekdayName } from "./times-text.ts";

/** Monday first. */
const weekdays = [1, 2, 3, 4, 5, 6, 0] as const;
const monthdays = Array.from({ length: 31 }, (_, index) => index + 1);

/** When a schedule comes: plain choices, or an expression. */
export function TimesFields({
  times,
  timeZone,
  onTimes,
  onTimeZone,
}: {
  times: Times;
  timeZone: string;
  onTimes: (times: Times) => void;
  onTimeZone: (zone: string) => void;
}) {
  const t = useTranslations("schedules.form");
  const locale = useLocale();
  // The browser knows the zones; the server's list may be another.
  const [zones, setZones] = useState<readonly string[]>([]);
  useEffect(() => setZones(Intl.supportedValuesOf("timeZone")), []);
  return (
    <>
      <div className="mb-4">
        <Segments
          label={t("when")}
          value={times.kind}
          options={timesKinds.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))}
          onChange={(kind) => onTimes(withKind(times, kind))}
        />
      </div>
      <div className="grid gap-x-6 sm:grid-cols-2">
        {times.kind === "own" ? (
          <div className="sm:col-span-2">
            <Field
              label={t("cron")}
              help={t("cronHelp")}
              control={(ids) => (
                <Input
                  {...ids}
                  className="max-w-64 font-mono"
                  autoComplete="off"
                  spellCheck={false}
                  value={times.cron}
                  onChange={(event) => onTimes({ kind: "own", cron: event.target.value })}
                />
              )}
            />
          </div>
        ) : (
          <>
            {times.kind === "weekly" ? (
              <Field
                label={t("weekday")}
                control={(ids) => (
                  <select
                    {...ids}
                    className="field"
                    value={times.weekday}
                    onChange={(event) => onTimes({ ...times, weekday: Number(event.target.value) })}
                  >
                    {weekdays.map((weekday) => (
                      <option key={weekday} value={weekday}>
                        {weekdayName(weekday, locale)}
                      </option>
                    ))}
                  </select>
                )}
              />
            ) : times.kind === "monthly" ? (
              <Field
                label={t("monthday")}
                control={(ids) => (
                  <select
                    {...ids}
                    className="field"
                    value={times.day ?? "L"}
                    onChange={({ target: { value } }) =>
                      onTimes({ ...times, day: value === "L" ? null : Number(value) })
                    }
                  >
                    {monthdays.map((day) => (
                      <option key={day} value={day}>
                        {day}
                      </option>
                    ))}
                    <option value="L">{t("lastDay")}</option>
                  </select>
                )}
              />
            ) : null}
            <Field
              label={t("time")}
              control={(ids) => (
                <Input
                  {...ids}
                  type="time"
                  className="max-w-40"
                  value={times.time}
                  onChange={(event) => onTimes({ ...times, time: event.target.value })}
                />
              )}
            />
          </>
        )}
      </div>
      <Field
        label={t("zone")}
        help={t("zoneHelp")}
        control={(ids) => (
          <>
            <Input
              {...ids}
              className="max-w-64"
              list={`${ids.id}-zones`}
              autoComplete="off"
              spellCheck={false}
              value={timeZone}
              onChange={(event) => onTimeZone(event.target.value)}
            />
            <datalist id={`${ids.id}-zones`}>
              {zones.map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </>
        )}
      />
    </>
  );
}
