import type { PlacedFinding } from "@assay/report/text";
import type { Metadata } from "next";
import Link from "next/link";
import { getLocale, getTranslations } from "next-intl/server";
import { Moment } from "../../../../../../components/moment.tsx";
import {
  figuresOfOutcome,
  MitigationOutcome,
  mitigationOf,
} from "../../../../../../features/mitigation/mitigation-outcome.tsx";
import { TryMitigation } from "../../../../../../features/mitigation/try-mitigation.tsx";
import { findProject } from "../../../../../../features/projects/find-project.ts";
import { ProjectCrumb } from "../../../../../../features/projects/project-crumb.tsx";
import { Results } from "../../../../../../features/results/results.tsx";
import { ServerDrawing } from "../../../../../../features/results/server-drawing.tsx";
import { downloadFormats } from "../../../../../../features/runs/downloads.ts";
import { findRun } from "../../../../../../features/runs/find-run.ts";
import { RunActions } from "../../../../../../features/runs/run-actions.tsx";
import { RunFailed } from "../../../../../../features/runs/run-failed.tsx";
import { RunProgress } from "../../../../../../features/runs/run-progress.tsx";
import { answerOf, api } from "../../../../../../trpc/server.ts";

type Props = { params: Promise<{ slug: string; number: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ number }, t] = await Promise.all([params, getTranslations("run")]);
  return { title: t("title", { number }) };
}

/** What did we find; until then, how far it is, or what stopped it. */
export default async function RunPage({ params }: Props) {
  const [{ slug, number }, client, t, schedules, locale] = await Promise.all([
    params,
    api(),
    getTranslations("run"),
    getTranslations("schedules"),
    getLocale(),
  ]);
  const [project, run, audits] = await Promise.all([
    findProject(slug),
    findRun(slug, number),
    answerOf(client.audits.list.query()),
  ]);
  const report = run.status === "completed" ? await answerOf(client.reports.get.query({ run: run.id })) : null;
  const mitigation = report === null ? null : mitigationOf(report);
  const versions =
    mitigation === null || run.origin === "pushed" ? [] : await answerOf(client.models.ofRun.query({ run: run.id }));
  const mitigable = run.origin === "server" && run.dataset !== null;
  const names = Object.fromEntries(audits.map((audit) => [audit.id, audit.text[locale].name]));
  return (
    <>
      <ProjectCrumb project={project} here={t("title", { number: run.number })}>
        <Moment at={run.finishedAt ?? run.createdAt} />
        {run.origin === "pushed" ? <span>{t("pushed")}</span> : null}
        {run.schedule === null ? null : (
          <span>
            {schedules.rich("runBy", {
              name: run.schedule.name,
              link: (chunks) => <Link href={`/projects/${slug}/schedules/${run.schedule?.id}`}>{chunks}</Link>,
            })}
          </span>
        )}
      </ProjectCrumb>
      {report !== null ? (
        <Results
          report={report}
          place={{ at: run.origin, run }}
          fileName={run.dataset?.name}
          audits={audits}
          actions={
            <>
              <RunActions run={run} formats={downloadFormats(report)} />
              {mitigation === null ? null : (
                <MitigationOutcome
                  report={report}
                  result={mitigation}
                  run={run}
                  versions={versions}
                  Drawing={ServerDrawing}
                />
              )}
            </>
          }
          {...(mitigation === null ? {} : { drawn: figuresOfOutcome(mitigation) })}
          {...(mitigable
            ? {
                next: (placed: PlacedFinding) => <TryMitigation slug={slug} run={run.number} placed={placed} />,
              }
            : {})}
          Drawing={ServerDrawing}
        />
      ) : run.status === "failed" || run.status === "cancelled" ? (
        <RunFailed run={run} />
      ) : (
        <RunProgress
          key={run.id}
          run={{ id: run.id, number: run.number, status: run.status, progress: run.progress }}
          auditNames={names}
        />
      )}
    </>
  );
}
