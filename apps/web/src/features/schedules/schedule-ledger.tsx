import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { Moment } from "../../components/moment.tsx";
import type { ScheduleRow } from "../../trpc/types.ts";
import { TickMark } from "./tick-mark.tsx";
import { timesText } from "./times-text.ts";

/** A project's schedules: when each comes next, and what came of it last. */
export function ScheduleLedger({ schedules, slug }: { schedules: readonly ScheduleRow[]; slug: string }) {
  const t = useTranslations("schedules.table");
  const times = useTranslations("schedules.times");
  const locale = useLocale();
  return (
    <div className="overflow-x-auto">
      <table className="ledger">
        <thead>
          <tr>
            <th scope="col">{t("name")}</th>
            <th scope="col">{t("last")}</th>
            <th scope="col" className="max-md:hidden">
              {t("times")}
            </th>
            <th scope="col" className="max-md:hidden">
              {t("data")}
            </th>
            <th scope="col" className="num">
              {t("next")}
            </th>
          </tr>
        </thead>
        <tbody>
          {schedules.map((schedule) => (
            <tr key={schedule.id} className="relative hover:bg-wash">
              <th scope="row" className="max-w-56 max-sm:max-w-36">
                <Link
                  href={`/projects/${slug}/schedules/${schedule.id}`}
                  className="plain break-words after:absolute after:inset-0 hover:no-underline"
                >
                  {schedule.name}
                </Link>
              </th>
              <td>
                {schedule.last === null ? (
                  <span className="text-xs text-muted">{t("never")}</span>
                ) : (
                  <TickMark tick={schedule.last.outcome === "failed" ? schedule.last : lastShown(schedule)} />
                )}
              </td>
              <td className="max-md:hidden">{timesText(schedule, times, locale)}</td>
              <td className="max-w-56 truncate max-md:hidden">{schedule.dataset}</td>
              <td className="num text-muted">
                {!schedule.enabled ? t("paused") : schedule.nextAt === null ? "–" : <Moment at={schedule.nextAt} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** That nothing was new says less than what the last run found. */
function lastShown({ last, lastRun }: ScheduleRow): Parameters<typeof TickMark>[0]["tick"] {
  return lastRun === null ? { outcome: last?.outcome ?? "unchanged", run: null } : { outcome: "run", run: lastRun };
}
