"use client";

import type { Problem } from "@assay/schema";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Section } from "../../components/page.tsx";
import { ProblemList } from "../../components/problem-list.tsx";
import { Segments } from "../../components/segments.tsx";
import type { DatasetDetail, PolicyInfo } from "../../trpc/types.ts";
import { AuditChoice, type AuditForm } from "./audit-choice.tsx";
import { ColumnRoles } from "./column-roles.tsx";
import type { PlanEdit } from "./edit-plan.ts";
import { PlanDetails } from "./plan-details.tsx";
import type { PlanReading, PlanView } from "./plan-view.ts";
import { looseProblems } from "./problem-places.ts";
import { Rules } from "./rules.tsx";
import type { PlanChecking } from "./use-plan-check.ts";

/** What every editor of a plan is given, wherever the plan will run. */
export interface PlanFormProps {
  readonly dataset: Pick<DatasetDetail, "rows" | "columns">;
  readonly audits: readonly AuditForm[];
  readonly policies: readonly PolicyInfo[];
}

/** The plan as a form and as YAML; both ways always say the same. */
export function PlanForm({
  dataset,
  audits,
  policies,
  yaml,
  reading,
  check,
  onEdit,
  onYaml,
  model,
}: PlanFormProps & {
  yaml: string;
  /** Of `yaml`. */
  reading: PlanReading;
  check: PlanChecking;
  onEdit: (edit: PlanEdit) => void;
  onYaml: (text: string) => void;
  /** The choice of a model. */
  model: (view: PlanView, problems: readonly Problem[]) => ReactNode;
}) {
  const t = useTranslations("plan");
  const [form, setForm] = useState<"form" | "yaml">("form");
  const problems = check.answer?.problems ?? [];
  const loose = reading.ok
    ? looseProblems(
        problems,
        reading.view,
        dataset.columns.map(({ name }) => name),
      )
    : [];
  return (
    <>
      <div className="mb-9">
        <Segments
          label={t("shape")}
          value={form}
          options={[
            { value: "form", label: t("form") },
            { value: "yaml", label: t("yaml") },
          ]}
          onChange={setForm}
        />
      </div>
      {form === "yaml" ? (
        <Section title={t("yamlTitle")} note={t("yamlNote")}>
          <textarea
            aria-label={t("yamlTitle")}
            aria-invalid={!reading.ok}
            value={yaml}
            onChange={(event) => onYaml(event.target.value)}
            spellCheck={false}
            autoCapitalize="off"
            autoCorrect="off"
            rows={Math.max(18, yaml.split("\n").length + 1)}
            className="field font-mono !text-xs whitespace-pre"
            wrap="off"
          />
          {reading.ok ? (
            <ProblemList problems={problems} />
          ) : (
            <p role="alert" className="m-0 mt-2 text-sm text-fail">
              {t("broken", { line: reading.line, message: reading.message })}
            </p>
          )}
        </Section>
      ) : reading.ok ? (
        <>
          {loose.length === 0 ? null : (
            <div role="alert" className="mb-8 border-l-2 border-fail pl-3">
              <ProblemList problems={loose} />
            </div>
          )}
          {model(reading.view, problems)}
          <ColumnRoles
            columns={dataset.columns}
            rows={dataset.rows}
            view={reading.view}
            problems={problems}
            onEdit={onEdit}
          />
          <AuditChoice audits={audits} view={reading.view} check={check} onEdit={onEdit} />
          <Rules policies={policies} view={reading.view} problems={problems} onEdit={onEdit} />
          <PlanDetails view={reading.view} problems={problems} onEdit={onEdit} />
        </>
      ) : (
        <p role="alert" className="m-0 mb-10 max-w-[60ch] text-sm text-fail">
          {t("broken", { line: reading.line, message: reading.message })} {t("brokenForm")}
        </p>
      )}
    </>
  );
}
