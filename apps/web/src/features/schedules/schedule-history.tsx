import { decimalsFor, formatInterval, formatNumber, metricName, unitWord } from "@assay/report/text";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { Moment } from "../../components/moment.tsx";
import { RowCell } from "../../components/row-count.tsx";
import type { ScheduleHistory as History } from "../../trpc/types.ts";
import { metricFormat } from "../comparison/metric-format.ts";
import { TickMark } from "./tick-mark.tsx";

/** What came of a schedule's times, one a line, the newest first; with drift where its plan has that audit. */
export function ScheduleHistory({ ticks, slug }: { ticks: History; slug: string }) {
  const t = useTranslations("schedules.page.history");
  const hasDrift = ticks.some(({ drift }) => drift !== null);
  return (
    <div className="overflow-x-auto">
      <table className="ledger">
        <thead>
          <tr>
            <th scope="col">{t("due")}</th>
            <th scope="col">{t("verdict")}</th>
            <th scope="col" className="num max-md:hidden">
              {t("rows")}
            </th>
            {hasDrift ? (
              <>
                <th scope="col" className="num max-md:hidden">
                  {t("drift")}
                </th>
                <th scope="col" className="max-md:hidden">
                  {t("gap")}
                </th>
              </>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {ticks.map((tick) => (
            <tr key={tick.dueAt} className="relative hover:bg-wash">
              <th scope="row" className="font-normal">
                {tick.run === null ? (
                  <Moment at={tick.dueAt} />
                ) : (
                  <Link
                    href={`/projects/${slug}/runs/${tick.run.number}`}
                    className="plain after:absolute after:inset-0 hover:no-underline"
                  >
                    <Moment at={tick.dueAt} />
                  </Link>
                )}
              </th>
              <td>
                <TickMark tick={tick} />
                {tick.error === null ? null : (
                  <span className="ml-2 text-xs text-muted">
                    {tick.error.problems[0]?.message ?? tick.error.message}
                  </span>
                )}
                {tick.drift === null ? null : (
                  <span className="block text-xs md:hidden">
                    <span className="text-muted">
                      {t("drift")} <Alarms drift={tick.drift} />
                    </span>
                    {tick.drift.gap === null ? null : (
                      <span className="block">
                        <Gap gap={tick.drift.gap} />
                      </span>
                    )}
                  </span>
                )}
                {tick.notice === "" ? null : (
                  <span className="block text-xs text-muted">
                    {t("notice", { notice: tick.notice.split("\n").join(" · ") })}
                  </span>
                )}
              </td>
              <td className="num max-md:hidden">
                {tick.run?.dataset == null ? "–" : <RowCell of={tick.run.dataset} />}
              </td>
              {hasDrift ? (
                <>
                  <td className="num max-md:hidden">{tick.drift === null ? "–" : <Alarms drift={tick.drift} />}</td>
                  <td className="max-md:hidden">
                    {tick.drift?.gap == null ? t("noGap") : <Gap gap={tick.drift.gap} />}
                  </td>
                </>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** `1 of 4` */
function Alarms({ drift: { alarms, tests } }: { drift: NonNullable<History[number]["drift"]> }) {
  const t = useTranslations("schedules.page.history");
  return alarms === null ? t("cannot") : t("of", { alarms, tests });
}

type DriftGap = NonNullable<NonNullable<History[number]["drift"]>["gap"]>;

/** `−12.4 points (−18.0 to −6.8) selection rate, F to M` */
function Gap({ gap }: { gap: DriftGap }) {
  const t = useTranslations("schedules.page.history");
  const locale = useLocale();
  const { metric, value, low, high, group, reference } = gap;
  const format = metricFormat(metric) === "percent" ? "points" : "number";
  const decimals = decimalsFor(format, [{ value, low, high }]);
  const number = formatNumber(value, format, locale, { decimals });
  const unit = format === "points" ? ` ${unitWord("points", locale)}` : "";
  return (
    <>
      {value > 0 ? "+" : ""}
      {number}
      {unit} ({formatInterval(low, high, format, locale, { decimals, words: true })}){" "}
      <span className="text-xs text-muted">
        {t("change", { metric: metricName(metric)[locale], group, reference })}
      </span>
    </>
  );
}
