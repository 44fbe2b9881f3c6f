"use client";

import { useLocale, useTranslations } from "next-intl";
import type { AuditInfo, PolicyInfo } from "../../trpc/types.ts";
import {
  type BrowserDevice,
  browserDevices,
  type Material,
  type OpenedMaterial,
} from "../../workers/audit-messages.ts";
import { webgpuOff } from "../devices/webgpu-off.ts";
import { auditForms } from "../plans/audit-forms.ts";
import { editPlan, type PlanEdit } from "../plans/edit-plan.ts";
import { PlanForm } from "../plans/plan-form.tsx";
import { readPlanView } from "../plans/plan-view.ts";
import { StartBar } from "../plans/start-bar.tsx";
import { usePlanCheck } from "../plans/use-plan-check.ts";
import type { RegisteredModel } from "./registered-model.tsx";
import { TabModel } from "./tab-model.tsx";
import type { TabAudit } from "./use-tab-audit.ts";

/** A plan for a file of this tab, checked and started by its worker. */
export function TabEditor({
  tab,
  material,
  opened,
  audits,
  policies,
  models,
}: {
  tab: TabAudit;
  material: Material;
  opened: OpenedMaterial;
  audits: readonly AuditInfo[];
  policies: readonly PolicyInfo[];
  models: readonly RegisteredModel[];
}) {
  const t = useTranslations("tabAudit");
  const locale = useLocale();
  const { yaml, setYaml } = tab;
  const devices = useTranslations("settings.devices");
  const off = tab.readiness === null || tab.readiness.noWebgpu === null ? null : devices(webgpuOff());
  const reading = readPlanView(yaml);
  const check = usePlanCheck(
    { about: ["tab", material.data.key, material.model?.key ?? null], check: tab.check },
    yaml,
  );
  const onEdit = (edit: PlanEdit) => setYaml((text) => editPlan(text, edit));
  return (
    <>
      <PlanForm
        dataset={{
          rows: opened.shownRows,
          columns: opened.columns.map((column) => ({ ...column, top: [...column.top] })),
        }}
        audits={auditForms(audits, locale)}
        policies={policies}
        yaml={yaml}
        reading={reading}
        check={check}
        onEdit={onEdit}
        onYaml={setYaml}
        model={(view, problems) => (
          <TabModel
            view={view}
            problems={problems}
            model={opened.model}
            models={models}
            onEdit={onEdit}
            onFiles={async (files) => {
              const model = await tab.chooseModel(files);
              onEdit({ kind: "model", file: model?.fileName ?? null });
            }}
          />
        )}
      />
      <StartBar
        check={check}
        readable={reading.ok}
        choices={
          <label className="flex items-center gap-2 text-muted">
            <span className="max-sm:sr-only">{t("device")}</span>
            <select
              className="field !w-auto !py-0.5"
              aria-describedby={off === null ? undefined : "webgpu-off"}
              value={tab.device}
              onChange={(event) => tab.setDevice(event.target.value as BrowserDevice)}
            >
              {browserDevices.map((device) => (
                <option key={device} value={device} disabled={device === "webgpu" && off !== null}>
                  {t(`devices.${device}`)}
                </option>
              ))}
            </select>
            {off === null ? null : (
              <span id="webgpu-off" title={off} className="max-w-[34ch] text-xs max-md:sr-only">
                {t("noWebgpu", { reason: off })}
              </span>
            )}
          </label>
        }
        onStart={() => tab.run()}
      />
    </>
  );
}
