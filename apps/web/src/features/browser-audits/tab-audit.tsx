"use client";

import { useFormatter, useLocale, useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Actions, Answer, Lede } from "../../components/page.tsx";
import { sizeText } from "../../components/quantities.ts";
import type { AuditInfo, PolicyInfo } from "../../trpc/types.ts";
import { webgpuOff } from "../devices/webgpu-off.ts";
import { Results } from "../results/results.tsx";
import { ProgressBar } from "../runs/progress-bar.tsx";
import { DropArea } from "../uploads/drop-area.tsx";
import { dataExtensions } from "../uploads/extensions.ts";
import { Failure, isGpuFault } from "./failure.tsx";
import { FoundSoFar } from "./found-so-far.tsx";
import type { RegisteredModel } from "./registered-model.tsx";
import { TabActions } from "./tab-actions.tsx";
import { TabDrawing } from "./tab-drawing.tsx";
import { TabEditor } from "./tab-editor.tsx";
import { useArrival } from "./use-arrival.ts";
import type { TabAudit } from "./use-tab-audit.ts";

/** Of a tab's memory, in bytes, from which on the page says what to do where it does not suffice. */
const muchMemory = 500e6;

/** What stands on the page at each stage of an audit that stays in this tab, from the file to the findings. */
export function TabStages({
  project,
  audits,
  policies,
  models,
  choice,
  tab,
  saved,
  onSaved,
}: {
  project: { id: string; slug: string };
  audits: readonly AuditInfo[];
  policies: readonly PolicyInfo[];
  models: readonly RegisteredModel[];
  /** Of the place, as long as nothing is here. */
  choice: ReactNode;
  tab: TabAudit;
  /** The report is on the server. */
  saved: boolean;
  onSaved: () => void;
}) {
  const t = useTranslations("tabAudit");
  const upload = useTranslations("upload");
  const start = useTranslations("newAudit");
  const quantity = useTranslations("quantity");
  const devices = useTranslations("settings.devices");
  const locale = useLocale();
  const format = useFormatter();
  const [counts, setCounts] = useState(false);
  const { state, material, opened } = tab;
  useArrival(state.at);
  const name = material?.data.file.name ?? "";

  switch (state.at) {
    case "choosing":
      return (
        <>
          {choice}
          <Answer>{start("start")}</Answer>
          <Lede>{t("startLede")}</Lede>
          <DropArea
            title={upload("drop")}
            formats={t("formats")}
            extensions={dataExtensions}
            onFiles={([chosen]) => {
              if (chosen !== undefined) void tab.open(chosen.file, counts);
            }}
          />
          <label className="mt-3 flex items-baseline gap-2 text-sm text-muted">
            <input
              type="checkbox"
              checked={counts}
              onChange={(event) => setCounts(event.target.checked)}
              className="accent-ink"
            />
            {upload("counts")}
          </label>
          <p role="status" className="m-0 mt-6 mb-14 min-h-10 max-w-[68ch] text-sm text-muted">
            {tab.readiness === null
              ? tab.unloaded === null
                ? t("warming")
                : t("unloaded", { reason: tab.unloaded })
              : [
                  t("ready"),
                  tab.readiness.isolated ? t("threads", { count: tab.readiness.threads }) : t("notIsolated"),
                  tab.readiness.noWebgpu === null ? t("webgpu") : t("noWebgpu", { reason: devices(webgpuOff()) }),
                ].join(locale === "en" ? " " : "")}
          </p>
        </>
      );
    case "reading":
      return (
        <>
          <Answer>{t("reading", { file: state.file.name })}</Answer>
          <ProgressBar label={t("progress")} fraction={state.fraction}>
            {t("readingNote", { size: sizeText(state.file.size) })}
          </ProgressBar>
          <Actions>
            <Button onClick={tab.cancel}>{upload("cancel")}</Button>
          </Actions>
        </>
      );
    case "unread":
      return (
        <>
          <Answer>{t("unread", { file: state.file.name })}</Answer>
          <Failure fault={state.fault} />
          <Actions>
            <Button tone="primary" onClick={() => tab.open(state.file, state.counts)}>
              {upload("retry")}
            </Button>
            <Button onClick={tab.reset}>{upload("other")}</Button>
          </Actions>
        </>
      );
    case "editing":
      if (material === null || opened === null) return null;
      return (
        <>
          <Answer>{start("check")}</Answer>
          <Lede>
            {start("checkLede", {
              file: name,
              rows: quantity(material.data.counts ? "counted" : "rows", { count: opened.rows }),
              columns: opened.columns.length,
            })}{" "}
            <button type="button" className="cursor-pointer text-accent hover:underline" onClick={tab.reset}>
              {upload("other")}
            </button>
            <span className="mt-1 block text-sm text-muted">
              {opened.shownRows < opened.rows
                ? t("shownRows", { shown: format.number(opened.shownRows), rows: format.number(opened.rows) })
                : null}{" "}
              {t("memory", { size: sizeText(opened.memoryBytes) })}{" "}
              {opened.memoryBytes > muchMemory ? t("muchMemory") : null}
            </span>
            {opened.warnings.map((warning) => (
              <span key={warning.en} className="mt-1 block text-sm">
                {warning[locale]}
              </span>
            ))}
          </Lede>
          <TabEditor
            tab={tab}
            material={material}
            opened={opened}
            audits={audits}
            policies={policies}
            models={models}
          />
        </>
      );
    case "running": {
      const { stage, fraction, audit } = state.progress;
      const auditName = audits.find(({ id }) => id === audit)?.text[locale].name ?? audit;
      return (
        <>
          <Answer>{t("running", { file: name })}</Answer>
          <ProgressBar label={t("progress")} fraction={fraction}>
            {stage === "auditing" && auditName !== null ? t("stages.auditing", { audit: auditName }) : null}
            {stage === "reading" ? t("stages.reading", { size: sizeText(opened?.memoryBytes ?? 0) }) : null}
            {stage === "predicting" ? t("stages.predicting") : null}
          </ProgressBar>
          <Actions>
            <Button onClick={tab.cancel}>{t("cancel")}</Button>
          </Actions>
          <FoundSoFar found={state.found} />
        </>
      );
    }
    case "failed":
      return (
        <>
          <Answer>{t("failed")}</Answer>
          <Failure fault={state.fault} />
          <Actions>
            {isGpuFault(state.fault) ? (
              <Button tone="primary" onClick={() => tab.run("cpu")}>
                {t("onProcessor")}
              </Button>
            ) : null}
            <Button tone={isGpuFault(state.fault) ? "plain" : "primary"} onClick={() => tab.run()}>
              {upload("retry")}
            </Button>
            <Button onClick={tab.edit}>{t("change")}</Button>
            <Button onClick={tab.reset}>{upload("other")}</Button>
          </Actions>
        </>
      );
    case "finished":
      return (
        <Results
          report={state.finished.report}
          place={{ at: "tab", pushed: saved }}
          fileName={name}
          audits={audits}
          actions={
            <TabActions
              key={state.finished.report.digest}
              project={project}
              finished={state.finished}
              yaml={tab.yaml}
              suppress={tab.suppress}
              noWebgpu={tab.readiness === null || tab.readiness.noWebgpu === null ? null : devices(webgpuOff())}
              onPushed={onSaved}
              onEdit={tab.edit}
              onReset={tab.reset}
            />
          }
          Drawing={TabDrawing}
        />
      );
  }
}
