"use client";

import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { useTRPCClient } from "../../trpc/client.tsx";
import type { ModelVersion } from "../../trpc/types.ts";
import type { DatasetName } from "../models/trained-on.tsx";
import { editPlan, type PlanEdit } from "./edit-plan.ts";
import { ModelChoice, versionOf } from "./model-choice.tsx";
import { PlanForm, type PlanFormProps } from "./plan-form.tsx";
import { readPlanView } from "./plan-view.ts";
import { StartBar } from "./start-bar.tsx";
import { usePlanCheck } from "./use-plan-check.ts";

/**
 * A plan for data that the server has, and its start there. The text is the only state: the form reads it and writes
 * changes back into it.
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
}: PlanFormProps & {
  project: { id: string; slug: string };
  dataset: { readonly id: string };
  yaml: string;
  /** Versions of models that can be chosen. */
  models: readonly ModelVersion[];
  modelId: string | undefined;
  limitBytes: number;
  datasets: readonly DatasetName[];
  /** Places that the server asks for predictions. */
  endpoints: readonly string[];
}) {
  const client = useTRPCClient();
  const router = useRouter();
  const [yaml, setYaml] = useState(guessed);
  const [versions, setVersions] = useState(models);
  const [modelId, setModelId] = useState(chosen);
  const reading = readPlanView(yaml);
  // A plan whose text names another file means that one, whatever was chosen before.
  const version = reading.ok ? versionOf(versions, reading.view, modelId) : undefined;
  const check = usePlanCheck(
    {
      about: [dataset.id, version?.id ?? null],
      check: (plan) => client.plans.check.mutate({ dataset: dataset.id, plan, model: version?.id }),
    },
    yaml,
  );
  const onEdit = (edit: PlanEdit) => setYaml((text) => editPlan(text, edit));
  // One key per text and model: pressing twice, or again after a lost answer, makes one run.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed plan is another run
  const idempotencyKey = useMemo(newKey, [yaml, version?.id]);
  return (
    <>
      <PlanForm
        dataset={dataset}
        audits={audits}
        policies={policies}
        yaml={yaml}
        reading={reading}
        check={check}
        onEdit={onEdit}
        onYaml={setYaml}
        model={(view, problems) => (
          <ModelChoice
            project={project}
            versions={versions}
            version={version}
            view={view}
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
        )}
      />
      <StartBar
        check={check}
        readable={reading.ok}
        onStart={async () => {
          const run = await client.runs.create.mutate({
            project: project.id,
            dataset: dataset.id,
            model: version?.id,
            plan: yaml,
            idempotencyKey,
          });
          router.push(`/projects/${project.slug}/runs/${run.number}`);
          router.refresh();
        }}
      />
    </>
  );
}

/** 128 random bits; `crypto.randomUUID` is missing on plain http. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
