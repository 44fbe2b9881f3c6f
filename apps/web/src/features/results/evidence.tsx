import { deviceText } from "@assay/report/text";
import type { Report } from "@assay/schema";
import Link from "next/link";
import { useFormatter, useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { DigestText } from "../../components/digest.tsx";
import { Section } from "../../components/page.tsx";
import { durationText, sizeText } from "../../components/quantities.ts";
import type { RunRow } from "../../trpc/types.ts";
import { ModelKind } from "../models/model-kind.tsx";

/** Where a report is: with its run on the server, pushed there, or in this tab alone. */
export type Place =
  | { readonly at: "server" | "pushed"; readonly run: Pick<RunRow, "model" | "project"> }
  | { readonly at: "tab"; readonly pushed: boolean };

/** What the numbers rest on: digests, the seed, the machine. */
export function Evidence({ report, place }: { report: Report; place: Place }) {
  const t = useTranslations("results.evidence");
  const format = useFormatter();
  const locale = useLocale();
  const { data, environment, plan, sections } = report;
  const counted = plan.data.counts !== undefined;
  const filtered = plan.data.where !== undefined;
  const version = place.at === "tab" ? null : place.run.model;
  const slug = place.at === "tab" ? "" : place.run.project.slug;
  return (
    <Section id="evidence" title={t("title")}>
      <dl className="m-0 grid gap-x-4 border-t border-line pt-2 text-sm leading-6 sm:grid-cols-[120px_minmax(0,1fr)]">
        <Row term={t("data")}>
          <DigestText value={data.digest} />{" "}
          {t(counted ? (filtered ? "countedFiltered" : "counted") : filtered ? "filtered" : "rows", {
            used: format.number(data.rows),
            read: data.rowsRead === null ? "–" : format.number(data.rowsRead),
          })}
        </Row>
        {report.model === null ? null : (
          <Row term={t("model")}>
            <DigestText value={report.model.digest} />{" "}
            {version === null ? (
              <span className="break-words">{report.model.file}</span>
            ) : (
              <Link href={`/projects/${slug}/models/${version.model}?version=${version.number}`}>
                {t("modelVersion", { name: version.name, number: version.number })}
              </Link>
            )}{" "}
            <span className="text-muted">
              {report.model.format === "endpoint" ? t("endpoint") : <ModelKind about={report.model} />}
            </span>
          </Row>
        )}
        {(report.model?.files ?? []).length === 0 ? null : (
          <Row term={t("modelFiles")}>
            <ul className="m-0 list-none p-0">
              {report.model?.files?.map((file) => (
                <li key={file.name} className="break-words">
                  <DigestText value={file.digest} /> {file.name}{" "}
                  <span className="text-muted">{sizeText(file.sizeBytes)}</span>
                </li>
              ))}
            </ul>
          </Row>
        )}
        <Row term={t("plan")}>
          <DigestText value={sections.plan} /> {t("seed", { seed: String(environment.seed) })}
        </Row>
        <Row term={t("computedOn")}>
          {t("machine", {
            device: deviceText(environment, locale),
            duration: durationText(environment.seconds * 1000),
            version: environment.assay,
          })}
          {place.at === "server" ? null : ` ${t(place.at)}`}
        </Row>
        <Row term={t("report")}>
          <DigestText value={report.digest} /> {t("unsigned")}
        </Row>
      </dl>
    </Section>
  );
}

function Row({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{term}</dt>
      <dd className="m-0">{children}</dd>
    </>
  );
}
