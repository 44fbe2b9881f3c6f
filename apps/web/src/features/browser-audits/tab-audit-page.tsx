"use client";

import { useTranslations } from "next-intl";
import { type ComponentProps, useState } from "react";
import { LeaveGuard } from "../leaving/leave-guard.tsx";
import { TabStages } from "./tab-audit.tsx";
import { useTabAudit } from "./use-tab-audit.ts";

/** An audit that stays in this tab, and the question before it is lost. */
export function TabAudit({
  version,
  ...page
}: Omit<ComponentProps<typeof TabStages>, "onSaved" | "saved" | "tab"> & {
  /** Of Assay, for the report. */
  version: string;
}) {
  const t = useTranslations("tabAudit.leaving");
  const tab = useTabAudit(version);
  const [pushed, setPushed] = useState<string | null>(null);
  const { state } = tab;
  const digest = state.at === "finished" ? state.finished.report.digest : null;
  const saved = digest !== null && pushed === digest;
  return (
    <>
      <TabStages {...page} tab={tab} saved={saved} onSaved={() => setPushed(digest)} />
      <LeaveGuard
        active={state.at !== "choosing" && state.at !== "unread" && !saved}
        title={t("title")}
        text={t("text")}
        action={t("action")}
      />
    </>
  );
}
