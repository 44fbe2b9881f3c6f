import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTimeZone, getTranslations } from "next-intl/server";
import { FaultSentence } from "../../../../../../components/fault-sentence.tsx";
import { Fold } from "../../../../../../components/fold.tsx";
import { Moment, momentText } from "../../../../../../components/moment.tsx";
import { Answer, Lede, Section } from "../../../../../../components/page.tsx";
import { ProblemList } from "../../../../../../components/problem-list.tsx";
import { outcomeOf } from "../../../../../../components/verdict.tsx";
import { findProject } from "../../../../../../features/projects/find-project.ts";
import { ProjectCrumb } from "../../../../../../features/projects/project-crumb.tsx";
import { ScheduleActions } from "../../../../../../features/schedules/schedule-actions.tsx";
import { ScheduleHistory } from "../../../../../../features/schedules/schedule-history.tsx";
import { timesText } from "../../../../../../features/schedules/times-text.ts";
import { Told } from "../../../../../../features/schedules/told.tsx";
import { VerdictStrip } from "../../../../../../features/schedules/verdict-strip.tsx";
import { answerOf, api } from "../../../../../../trpc/server.ts";

type Props = { params: Promise<{ slug: string; id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ id }, client] = await Promise.all([params, api()]);
  return { title: (await answerOf(client.schedules.get.query({ id }))).name };
}

/** What this schedule found, time by time, and when it comes next. */
export default async function SchedulePage({ params }: Props) {
  const [{ slug, id }, client, t, times, locale, timeZone] = await Promise.all([
    params,
    api(),
    getTranslations("schedules.page"),
    getTranslations("schedules.times"),
    getLocale(),
    getTimeZone(),
  ]);
  const [project, schedule, history, form, title] = await Promise.all([
    findProject(slug),
    answerOf(client.schedules.get.query({ id })),
    answerOf(client.schedules.history.query({ id })),
    answerOf(client.feedback.form.query({ project: slug })),
    getTranslations("schedules"),
  ]);
  if (schedule.project.id !== project.id) notFound();
  const { name, last, lastRun } = schedule;
  // Quiet times are told in words.
  const ticks = history.filter(({ outcome }) => outcome === "run" || outcome === "failed");
  const failed = last?.outcome === "failed" ? last : null;
  const answer =
    failed !== null ? "failed" : lastRun !== null ? outcomeOf(lastRun) : schedule.enabled ? "new" : "paused";
  const momentOf = (at: string) => momentText(at, locale, timeZone);
  return (
    <>
      <ProjectCrumb project={project} within={[{ path: "/schedules", name: title("title") }]}>
        {schedule.enabled ? null : <span>{title("table.paused")}</span>}
      </ProjectCrumb>
      <Answer>{t(`answer.${answer}`, { name, number: lastRun?.number ?? 0 })}</Answer>
      <Lede>
        {t("lede", {
          times: timesText(schedule, times, locale),
          data: schedule.dataset,
          unchanged: String(schedule.runUnchanged),
        })}
        {schedule.nextAt === null ? null : (
          <span className="mt-1 block text-sm">
            {t("next")}
            <Moment at={schedule.nextAt} />
          </span>
        )}
        {last?.outcome === "unchanged" || last?.outcome === "busy" ? (
          <span className="mt-1 block text-sm">{t(`quiet.${last.outcome}`, { when: momentOf(last.dueAt) })}</span>
        ) : null}
      </Lede>
      <ScheduleActions slug={slug} schedule={{ id, name, enabled: schedule.enabled }} />
      {failed?.error == null ? null : (
        <Section title={t("failed")} note={t("failedNext")}>
          <div className="border-t border-line pt-3 text-sm">
            {failed.error.problems.length > 0 ? (
              <ProblemList problems={failed.error.problems} />
            ) : (
              <p className="m-0 max-w-[68ch]">
                <FaultSentence {...failed.error} />
              </p>
            )}
          </div>
        </Section>
      )}
      <Section
        title={t("history.title")}
        note={ticks.length === 0 ? undefined : t("history.note", { count: ticks.length })}
      >
        {ticks.length === 0 ? (
          <p className="m-0 border-t border-line pt-3 text-sm text-muted">{t("history.none")}</p>
        ) : (
          <>
            <VerdictStrip ticks={ticks.toReversed()} slug={slug} momentOf={momentOf} />
            <ScheduleHistory ticks={ticks} slug={slug} />
          </>
        )}
        {ticks.some(({ drift }) => drift !== null) ? (
          <p className="m-0 mt-3 max-w-[68ch] text-xs text-muted">{t("drift")}</p>
        ) : null}
      </Section>
      <Section title={t("told")}>
        <p className="m-0 border-t border-line pt-3 text-sm">
          {schedule.notify ? <Told slug={slug} whom={form.settings.notify} /> : t("toldOff")}
        </p>
      </Section>
      <Fold summary={t("plan")}>
        <pre className="m-0 overflow-x-auto pb-4 font-mono text-xs leading-5">{schedule.planYaml}</pre>
      </Fold>
    </>
  );
}
