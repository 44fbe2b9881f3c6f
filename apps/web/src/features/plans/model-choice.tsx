"use client";

import type { Problem } from "@assay/schema";
import { useTranslations } from "next-intl";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Section } from "../../components/page.tsx";
import type { ModelVersion } from "../../trpc/types.ts";
import { ModelKind } from "../models/model-kind.tsx";
import { NewModel } from "../models/new-model.tsx";
import type { DatasetName } from "../models/trained-on.tsx";
import { Categories } from "./categories.tsx";
import type { PlanEdit } from "./edit-plan.ts";
import { EndpointFields } from "./endpoint-fields.tsx";
import { ModelDecides } from "./model-decides.tsx";
import type { PlanView } from "./plan-view.ts";
import { problemsAt } from "./problem-places.ts";

/** The version that the plan's file stands for: the one chosen where it has that name, else the newest that has it. */
export function versionOf(
  versions: readonly ModelVersion[],
  view: PlanView,
  chosen: string | undefined,
): ModelVersion | undefined {
  const named = versions.filter((version) => version.fileName === view.model?.file);
  const newest = [...named].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0];
  return named.find((version) => version.id === chosen) ?? newest;
}

/** No id of a version is this. */
const endpointValue = "endpoint";

/** The model beside the data: it gives score and decision where no column does. */
export function ModelChoice({
  project,
  versions,
  version,
  view,
  problems,
  limitBytes,
  datasets,
  endpoints,
  onEdit,
  onVersion,
}: {
  project: { id: string };
  versions: readonly ModelVersion[];
  version: ModelVersion | undefined;
  view: PlanView;
  problems: readonly Problem[];
  limitBytes: number;
  datasets: readonly DatasetName[];
  /** Places that the server asks for predictions. */
  endpoints: readonly string[];
  onEdit: (edit: PlanEdit) => void;
  onVersion: (version: ModelVersion | null) => void;
}) {
  const t = useTranslations("plan.model");
  const own = problemsAt(problems, "model");
  const endpoint = view.model?.endpoint ?? null;
  const unknown = view.model !== null && endpoint === null && version === undefined;
  return (
    <Section
      title={t("title")}
      note={t("note")}
      actions={
        <NewModel
          project={project}
          limitBytes={limitBytes}
          datasets={datasets}
          trigger={<Button>{t("push")}</Button>}
          onPushed={onVersion}
        />
      }
    >
      <div className="grid gap-x-10 border-t border-line pt-4 sm:grid-cols-2">
        <Field
          label={t("label")}
          help={
            endpoint !== null ? (
              t("endpoint.help")
            ) : version === undefined ? (
              t("help")
            ) : (
              <ModelKind about={version.about} />
            )
          }
          control={(ids) => (
            <select
              {...ids}
              className="field"
              value={endpoint !== null ? endpointValue : unknown ? "unknown" : (version?.id ?? "")}
              onChange={({ target: { value } }) => {
                if (value === endpointValue) onEdit({ kind: "endpoint", url: endpoints[0] ?? "" });
                else onVersion(versions.find(({ id }) => id === value) ?? null);
              }}
            >
              <option value="">{t("none")}</option>
              <option value={endpointValue}>{t("endpoint.option")}</option>
              {unknown ? <option value="unknown">{t("unknown", { file: view.model?.file ?? "" })}</option> : null}
              {versions.map((one) => (
                <option key={one.id} value={one.id}>
                  {t("option", { name: one.model.name, number: one.number, file: one.fileName })}
                </option>
              ))}
            </select>
          )}
        />
        {view.model === null ? null : <ModelDecides view={view} onEdit={onEdit} />}
        {endpoint === null ? null : <EndpointFields endpoint={endpoint} origins={endpoints} onEdit={onEdit} />}
        {view.model === null ? null : <Categories categories={view.model.categories} onEdit={onEdit} />}
      </div>
      {own.map((problem) => (
        <p key={problem.at + problem.message} role="alert" className="m-0 mt-1 text-sm text-fail">
          {problem.message}
        </p>
      ))}
    </Section>
  );
}
