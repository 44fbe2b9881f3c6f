import { metricName } from "@assay/report/text";
import type { AuditResult, Report } from "@assay/schema";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { Section } from "../../components/page.tsx";
import type { ModelVersion, RunDetail } from "../../trpc/types.ts";
import type { Drawing } from "../results/drawing.ts";
import { ReportFigure } from "../results/figure.tsx";
import { outcomeOf } from "./outcome-rows.ts";
import { RegisterModel } from "./register-model.tsx";

const audit = "fairness.mitigation";
const front = "front";
type FileWord = "decisions" | "model" | "repaired" | "resampled" | "thresholds" | "weights";

/** What the page has words for: file → key of its message. */
const known: ReadonlyMap<string, FileWord> = new Map([
  ["decisions.csv", "decisions"],
  ["model.onnx", "model"],
  ["repaired.csv", "repaired"],
  ["resampled.csv", "resampled"],
  ["thresholds.json", "thresholds"],
  ["weights.csv", "weights"],
]);

/** The completed mitigation of a report; null where it has none. */
export function mitigationOf(report: Report): AuditResult | null {
  return report.audits.find(({ id, status }) => id === audit && status === "completed") ?? null;
}

/** Figures that stand here, so that the pillars need not draw them again. */
export function figuresOfOutcome(result: AuditResult): ReadonlySet<string> {
  return new Set(result.figures.filter(({ id }) => id === front).map(({ id }) => `${audit} ${id}`));
}

/** What it did and what it cost on held-out rows, what other tolerances would, and the files to deploy. */
export function MitigationOutcome({
  report,
  result,
  run,
  versions,
  Drawing,
}: {
  report: Report;
  result: AuditResult;
  run: Pick<RunDetail, "id" | "number" | "origin" | "project" | "source">;
  /** The project's versions of models that are this run's files. */
  versions: readonly ModelVersion[];
  Drawing: Drawing;
}) {
  const t = useTranslations("mitigation.outcome");
  const constraints = useTranslations("mitigation.constraints");
  const locale = useLocale();
  const outcome = outcomeOf(result, report.plan, locale);
  const figure = result.figures.find(({ id }) => id === front);
  const path = `/api/v1/runs/${encodeURIComponent(run.id)}/artifacts`;
  const files = run.origin === "pushed" ? [] : result.artifacts;
  return (
    <>
      {outcome === null ? null : (
        <Section
          id="before-after"
          title={t("title")}
          note={t("note", { rows: outcome.heldOut, constraint: constraints(`${outcome.constraint}.name`) })}
        >
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, and must do so by keyboard too */}
          <section className="overflow-x-auto" tabIndex={0} aria-label={t("title")}>
            {/* A narrow page has no room for six columns: the number stands over its row there, and the change holds its interval and p. */}
            <table className="ledger">
              <thead>
                <tr className="max-sm:grid max-sm:grid-cols-3">
                  <th scope="col" className="max-sm:hidden">
                    {t("number")}
                  </th>
                  {(["before", "after", "change"] as const).map((name) => (
                    <th key={name} scope="col" className="num max-sm:px-0!">
                      {t(name)}
                    </th>
                  ))}
                  <th scope="col" className="num max-sm:hidden">
                    {t("interval")}
                  </th>
                  <th scope="col" className="num max-sm:hidden">
                    {t("p")}
                  </th>
                </tr>
              </thead>
              <tbody>
                {outcome.rows.map((row) => (
                  <tr key={row.metric} className="max-sm:grid max-sm:grid-cols-3">
                    <th scope="row" className="max-sm:col-span-3 max-sm:border-b-0!">
                      {sentenceStart(metricName(row.metric)[locale])}
                      {row.reason === "" ? null : (
                        <span className="block max-w-[22rem] text-xs font-normal whitespace-normal text-muted">
                          {row.reason}
                        </span>
                      )}
                    </th>
                    {[row.before, row.after].map((side, index) => (
                      <td key={index === 0 ? "before" : "after"} className="num max-sm:px-0!">
                        {side.value}
                        <span className="ml-1 text-muted max-sm:ml-0 max-sm:block max-sm:text-xs">{side.interval}</span>
                      </td>
                    ))}
                    <td className="num max-sm:px-0!">
                      {row.change}
                      {row.unit === "" ? null : <span className="ml-1 text-xs text-muted">{row.unit}</span>}
                      <span className="block text-xs text-muted sm:hidden">{row.interval}</span>
                      {row.p === "" ? null : (
                        <span className="block text-xs text-muted sm:hidden">{row.pEquation}</span>
                      )}
                    </td>
                    <td className="num text-muted max-sm:hidden">{row.interval === "" ? "–" : row.interval}</td>
                    <td className="num max-sm:hidden">{row.p === "" ? "–" : row.p}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          <p className="m-0 mt-2 max-w-[68ch] text-sm text-muted">
            {t("paired")}
            {run.source === null ? null : (
              <>
                {" "}
                {t.rich("answers", {
                  number: run.source.number,
                  run: (text) => (
                    <Link href={`/projects/${run.project.slug}/runs/${run.source?.number ?? 0}`} className="underline">
                      {text}
                    </Link>
                  ),
                })}
              </>
            )}
          </p>
          {figure === undefined ? null : (
            <div className="mt-8 max-w-[36rem]">
              <ReportFigure figure={figure} digest={report.digest} audit={audit} Drawing={Drawing} titled />
            </div>
          )}
        </Section>
      )}
      {result.artifacts.length === 0 ? null : (
        <Section id="files" title={t("files")} note={t("filesNote")}>
          {run.origin === "pushed" ? (
            <p className="m-0 border-t border-line pt-3 text-sm text-muted">{t("elsewhere")}</p>
          ) : (
            <ul className="m-0 list-none border-t border-line p-0 text-sm">
              {files.map(({ name }) => {
                const word = known.get(name);
                return (
                  <li
                    key={name}
                    className="grid items-baseline gap-x-6 gap-y-1 border-b border-line py-2 sm:grid-cols-[11rem_minmax(0,1fr)_auto]"
                  >
                    <a href={`${path}/${encodeURIComponent(name)}`} download="" className="font-mono text-xs">
                      {name}
                    </a>
                    <span className="text-muted">
                      {word === undefined ? null : t(`file.${word.replace(".", "-") as FileWord}`)}
                    </span>
                    {name === "model.onnx" ? <RegisterModel run={run} versions={versions} /> : <span />}
                  </li>
                );
              })}
            </ul>
          )}
        </Section>
      )}
    </>
  );
}

function sentenceStart(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
