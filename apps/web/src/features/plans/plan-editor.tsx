"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Section } from "../../components/page.tsx";
import { ProblemList } from "../../components/problem-list.tsx";
import { Segments } from "../../components/segments.tsx";
import type { DatasetDetail, ModelVersion, PolicyInfo } from "../../trpc/types.ts";
import type { DatasetName } from "../models/trained-on.tsx";
import { AuditChoice, type AuditForm } from "./audit-choice.tsx";
import { ColumnRoles } from "./column-roles.tsx";
import { editPlan, type PlanEdit } from "./edit-plan.ts";
import { ModelChoice, versionOf } from "./model-choice.tsx";
import { PlanDetails } from "./plan-details.tsx";
import { readPlanView } from "./plan-view.ts";
import { looseProblems } from "./problem-places.ts";
import { Rules } from "./rules.tsx";
import { StartBar } from "./start-bar.tsx";
import { usePlanCheck } from "./use-plan-check.ts";

/**
 * The plan as a form and as YAML. The text is the only state: the form reads it and writes changes back into it, so that
 * both ways always say the same.
 */
export function PlanEditor({
  project,
  dataset,
  yaml: guessed,
  audits,
  policies,
  models,
  modelId: chosen,
  limitBytes,
  datasets,
  endpoints,
}: {
  project: { id: string; slug: string };
  dataset: Pick<DatasetDetail, "id" | "rows" | "columns">;
  yaml: string;
  audits: readonly AuditForm[];
  policies: readonly PolicyInfo[];
  /** Versions of models that can be chosen. */
  models: readonly ModelVersion[];
  modelId: string | undefined;
  limitBytes: number;
  datasets: readonly DatasetName[];
  /** Places that the server asks for predictions. */
  endpoints: readonly string[];
}) {
  const t = useTranslations("plan");
  const [yaml, setYaml] = useState(guessed);
  const [form, setForm] = useState<"form" | "yaml">("form");
  const [versions, setVersions] = useState(models);
  const [modelId, setModelId] = useState(chosen);
  const reading = readPlanView(yaml);
  // A plan whose text names another file means that one, whatever was chosen before.
  const version = reading.ok ? versionOf(versions, reading.view, modelId) : undefined;
  const check = usePlanCheck(dataset.id, yaml, version?.id);
  const onEdit = (edit: PlanEdit) => setYaml((text) => editPlan(text, edit));
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
            onChange={(event) => setYaml(event.target.value)}
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
          <ModelChoice
            project={project}
            versions={versions}
            version={version}
            view={reading.view}
            problems={problems}
            limitBytes={limitBytes}
            datasets={datasets}
            endpoints={endpoints}
            onEdit={onEdit}
            onVersion={(next) => {
              if (next !== null && !versions.some(({ id }) => id === next.id)) setVersions([next, ...versions]);
              setModelId(next?.id);
              onEdit({ kind: "model", file: next?.fileName ?? null });
            }}
          />
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
      <StartBar
        project={project}
        datasetId={dataset.id}
        modelId={version?.id}
        yaml={yaml}
        check={check}
        readable={reading.ok}
      />
    </>
  );
}
