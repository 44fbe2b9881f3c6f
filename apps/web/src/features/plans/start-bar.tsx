"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { Button } from "../../components/button.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import type { PlanChecking } from "./use-plan-check.ts";

/** Stays at the lower edge: what will happen, or what stands against it, and the button. */
export function StartBar({
  project,
  datasetId,
  modelId,
  yaml,
  check,
  readable,
}: {
  project: { id: string; slug: string };
  datasetId: string;
  /** The version of the model that was chosen; left out: the plan's file names it. */
  modelId: string | undefined;
  yaml: string;
  check: PlanChecking;
  readable: boolean;
}) {
  const t = useTranslations("plan.start");
  const client = useTRPCClient();
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  // One key per text and model: pressing twice, or again after a lost answer, makes one run.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed plan is another run
  const idempotencyKey = useMemo(newKey, [yaml, modelId]);
  const { answer } = check;
  const runs = answer?.audits.filter((audit) => audit.runs).length ?? 0;
  const ready = readable && check.fresh && answer?.ok === true && !busy;

  const start = async () => {
    setBusy(true);
    setFault(null);
    try {
      const run = await client.runs.create.mutate({
        project: project.id,
        dataset: datasetId,
        model: modelId,
        plan: yaml,
        idempotencyKey,
      });
      router.push(`/projects/${project.slug}/runs/${run.number}`);
      router.refresh();
    } catch (error) {
      setFault(faultOf(error));
      setBusy(false);
    }
  };
  return (
    <div className="sticky bottom-0 z-10 -mx-4 border-t border-line bg-paper px-4 py-3 md:-mx-12 md:px-12">
      {fault === null ? null : <FaultText fault={fault} className="mb-2 text-sm" />}
      <div className="flex min-h-8 items-center justify-between gap-4 text-sm">
        <span role="status" className="min-w-0">
          {!readable ? (
            <span className="text-fail">{t("broken")}</span>
          ) : check.fault !== null ? (
            <span className="text-fail">{t("unchecked")}</span>
          ) : answer === undefined ? (
            <span className="text-muted">{t("checking")}</span>
          ) : answer.ok ? (
            t("ready", { runs, total: answer.audits.length })
          ) : (
            <span className="text-fail">{t("problems", { count: answer.problems.length })}</span>
          )}
        </span>
        <Button tone="primary" disabled={!ready} onClick={start}>
          {t("action")}
        </Button>
      </div>
    </div>
  );
}

/** 128 random bits; `crypto.randomUUID` is missing on plain http. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
