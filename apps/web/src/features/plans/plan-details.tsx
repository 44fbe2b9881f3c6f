"use client";

import type { Problem } from "@assay/schema";
import { useTranslations } from "next-intl";
import { Field } from "../../components/field.tsx";
import { Section } from "../../components/page.tsx";
import type { PlanEdit } from "./edit-plan.ts";
import type { PlanView } from "./plan-view.ts";
import { problemsAt } from "./problem-places.ts";
import { TextBox } from "./text-box.tsx";

/** What is left: rows, crossings, which outcome people want, the seed. */
export function PlanDetails({
  view,
  problems,
  onEdit,
}: {
  view: PlanView;
  problems: readonly Problem[];
  onEdit: (edit: PlanEdit) => void;
}) {
  const t = useTranslations("plan.details");
  const error = (path: string) => problemsAt(problems, path)[0]?.message;
  return (
    <Section title={t("title")}>
      <div className="grid gap-x-10 border-t border-line pt-4 sm:grid-cols-2">
        <Field
          label={t("where")}
          help={t("whereHelp")}
          error={error("data.where")}
          control={(ids) => (
            <TextBox
              {...ids}
              className="font-mono !text-xs"
              placeholder="age >= 18 and race in ('A', 'B')"
              value={view.where}
              onValue={(value) => onEdit({ kind: "text", at: "data.where", value })}
            />
          )}
        />
        <Field
          label={t("favourable")}
          help={t("favourableHelp")}
          error={error("columns.favourable")}
          control={(ids) => (
            <select
              {...ids}
              className="field !py-0.5"
              value={view.favourable}
              onChange={(event) => onEdit({ kind: "text", at: "columns.favourable", value: event.target.value })}
            >
              <option value="positive">{t("positive")}</option>
              <option value="negative">{t("negative")}</option>
            </select>
          )}
        />
        <Field
          label={t("intersections")}
          help={t("intersectionsHelp")}
          error={error("columns.intersections")}
          control={(ids) => (
            <select
              {...ids}
              className="field !py-0.5"
              value={view.intersections || "2"}
              onChange={(event) =>
                onEdit({
                  kind: "text",
                  at: "columns.intersections",
                  value: event.target.value === "2" ? "" : event.target.value,
                })
              }
            >
              {["1", "2", "3", "4"].map((most) => (
                <option key={most} value={most}>
                  {t(`crossed.${most as "1" | "2" | "3" | "4"}`)}
                </option>
              ))}
            </select>
          )}
        />
        <Field
          label={t("seed")}
          help={t("seedHelp")}
          error={error("seed")}
          control={(ids) => (
            <TextBox
              {...ids}
              inputMode="numeric"
              placeholder="0"
              value={view.seed}
              onValue={(value) => onEdit({ kind: "text", at: "seed", value })}
            />
          )}
        />
        <Field
          label={t("name")}
          help={t("nameHelp")}
          error={error("project")}
          control={(ids) => (
            <TextBox
              {...ids}
              placeholder="audit"
              value={view.project}
              onValue={(value) => onEdit({ kind: "text", at: "project", value })}
            />
          )}
        />
      </div>
    </Section>
  );
}
