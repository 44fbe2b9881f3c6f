"use client";

import { hasSummary } from "@assay/report/text";
import type { Report } from "@assay/schema";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { Menu, MenuItem } from "../../components/menu.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import type { RunRow } from "../../trpc/types.ts";
import type { FinishedAudit } from "../../workers/audit-messages.ts";
import { type RenderedFormat, renderedFormats } from "../../workers/drawing-messages.ts";
import { renderHere } from "./drawing-worker.ts";
import { saveFile } from "./save-file.ts";
import { SmallCells, type Suppress } from "./small-cells.tsx";

/** What can be done with a report that only this tab has: keep it, push it, go on. */
export function TabActions({
  project,
  finished: { report, artifacts, restarted },
  yaml,
  suppress,
  noWebgpu,
  onPushed,
  onEdit,
  onReset,
}: {
  project: { id: string; slug: string };
  finished: FinishedAudit;
  yaml: string;
  suppress: Suppress;
  /** Why this browser gives no WebGPU; null where it does. */
  noWebgpu: string | null;
  onPushed: () => void;
  onEdit: () => void;
  onReset: () => void;
}) {
  const t = useTranslations("tabAudit.actions");
  const download = useTranslations("run.actions");
  const formats = useTranslations("formats");
  const locale = useLocale();
  const client = useTRPCClient();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [run, setRun] = useState<Pick<RunRow, "number"> | null>(null);
  /** What goes to the server; null while it is worked out what to withhold. */
  const [sent, setSent] = useState<Report | null>(report);

  const attempt = async (work: () => Promise<void>) => {
    setFault(null);
    try {
      await work();
    } catch (error) {
      setFault(faultOf(error));
    }
  };
  const push = () =>
    attempt(async () => {
      if (sent === null) return;
      setBusy(true);
      try {
        // The digest is the key: pressing twice keeps one run.
        const idempotencyKey = `${sent.digest} ${sent.environment.startedAt}`;
        setRun(await client.reports.push.mutate({ project: project.id, report: sent, idempotencyKey }));
        onPushed();
      } finally {
        setBusy(false);
      }
    });
  const fits = (format: RenderedFormat): boolean => format !== "ll144" || hasSummary(report);
  return (
    <div className="mb-9">
      <div className="flex flex-wrap gap-2">
        <Menu trigger={<Button tone="primary">{download("download")}</Button>}>
          {renderedFormats.filter(fits).map((format) => (
            <MenuItem
              key={format}
              onClick={() =>
                attempt(async () => saveFile(fileNameOf(format), await renderHere(report, format, locale)))
              }
            >
              {formats(format)}
              <span className="text-muted">{download(`files.${format}`)}</span>
            </MenuItem>
          ))}
          <MenuItem onClick={() => saveFile("audit.yaml", yaml)}>
            {formats("yaml")}
            <span className="text-muted">{download("files.yaml")}</span>
          </MenuItem>
          {[...artifacts].map(([name, content]) => (
            <MenuItem key={name} onClick={() => saveFile(name, content)}>
              {name}
              <span className="text-muted">{t("artifact")}</span>
            </MenuItem>
          ))}
        </Menu>
        {run === null ? (
          <Button onClick={push} disabled={busy || sent === null}>
            {t(busy ? "pushing" : "push")}
          </Button>
        ) : null}
        <Button onClick={onEdit}>{t("edit")}</Button>
        <Button onClick={onReset}>{t("other")}</Button>
      </div>
      <p role="status" className="m-0 mt-3 max-w-[76ch] text-sm text-muted">
        {run === null ? (
          t("pushNote")
        ) : (
          <>
            {t("pushed")}{" "}
            <Link href={`/projects/${project.slug}/runs/${run.number}`} className="underline">
              {t("run", { number: run.number })}
            </Link>
          </>
        )}
        {noWebgpu === null ? null : <span className="mt-1 block">{t("noWebgpu", { reason: noWebgpu })}</span>}
        {restarted === null ? null : (
          <span className="mt-1 block">{t("restarted", { device: restarted.device, reason: restarted.reason })}</span>
        )}
      </p>
      {run === null && report.plan.suppress_below === undefined ? (
        <SmallCells report={report} suppress={suppress} onReady={setSent} />
      ) : null}
      {fault === null ? null : <FaultText fault={fault} className="mt-3 text-sm" />}
    </div>
  );
}

/** The names that the command line and the server give. */
function fileNameOf(format: RenderedFormat): string {
  return format === "ll144" ? "report.ll144.html" : `report.${format}`;
}
