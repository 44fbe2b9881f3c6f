"use client";

import { useTranslations } from "next-intl";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import type { PlanEdit } from "./edit-plan.ts";
import type { PlanView } from "./plan-view.ts";
import { TextBox } from "./text-box.tsx";

/** From which score on the model decides; or, where columns decide, how it would. */
export function ModelDecides({ view, onEdit }: { view: PlanView; onEdit: (edit: PlanEdit) => void }) {
  const t = useTranslations("plan.model");
  const roles = useTranslations("plan.roles");
  const first = (["decision", "score", "prediction"] as const).filter((role) => view.single[role] !== undefined);
  const threshold = view.decision?.column === "" && view.decision.kind === "at_least" ? view.decision.value : "";
  if (first.length > 0) {
    return (
      <div className="mb-4 text-sm">
        <p className="m-0 mb-2 max-w-[60ch] text-muted">
          {t("columnsFirst", { roles: first.map((role) => roles(`${role}.name`)).join(t("comma")) })}
        </p>
        <Button onClick={() => onEdit({ kind: "model-decides" })}>{t("decides")}</Button>
      </div>
    );
  }
  return (
    <Field
      label={t("threshold")}
      help={t("thresholdHelp")}
      control={(ids) => (
        <TextBox
          {...ids}
          className="!w-24"
          inputMode="decimal"
          placeholder="0.5"
          value={threshold}
          onValue={(value) => onEdit({ kind: "threshold", value })}
        />
      )}
    />
  );
}
