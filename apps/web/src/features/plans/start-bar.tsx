"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Button } from "../../components/button.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import type { PlanChecking } from "./use-plan-check.ts";

/** Stays at the lower edge: what will happen, or what stands against it, and the button. */
export function StartBar({
  check,
  readable,
  choices,
  onStart,
}: {
  check: PlanChecking;
  readable: boolean;
  /** Of how it runs, beside the button. */
  choices?: ReactNode;
  onStart: () => Promise<void>;
}) {
  const t = useTranslations("plan.start");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const { answer } = check;
  const runs = answer?.audits.filter((audit) => audit.runs).length ?? 0;
  const ready = readable && check.fresh && answer?.ok === true && !busy;

  const start = async () => {
    setBusy(true);
    setFault(null);
    try {
      await onStart();
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
            <span className="text-fail">
              {check.fault.code === "unreachable" ? t("unchecked") : t("uncheckable", { reason: check.fault.message })}
            </span>
          ) : answer === undefined ? (
            <span className="text-muted">{t("checking")}</span>
          ) : answer.ok ? (
            t("ready", { runs, total: answer.audits.length })
          ) : (
            <span className="text-fail">{t("problems", { count: answer.problems.length })}</span>
          )}
        </span>
        <span className="flex items-center gap-4">
          {choices}
          <Button tone="primary" disabled={!ready} onClick={start}>
            {t("action")}
          </Button>
        </span>
      </div>
    </div>
  );
}
