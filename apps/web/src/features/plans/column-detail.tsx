"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import type { DatasetDetail } from "../../trpc/types.ts";
import type { PlanEdit } from "./edit-plan.ts";
import type { PlanView, Role } from "./plan-view.ts";
import { TextBox } from "./text-box.tsx";

type Profile = DatasetDetail["columns"][number];

/** What a role still needs to know: the positive value, the threshold, bands, the group to compare with. */
export function ColumnDetail({
  column,
  roles,
  view,
  onEdit,
}: {
  column: Profile;
  roles: readonly Role[];
  view: PlanView;
  onEdit: (edit: PlanEdit) => void;
}) {
  const t = useTranslations("plan.detail");
  const isNumber = column.type === "integer" || column.type === "number";
  const { decision } = view;
  const asks: ReactNode[] = [];

  if (roles.includes("label")) {
    asks.push(
      <Ask key="positive" label={t("positive")}>
        {(id) => (
          <ValueBox
            id={id}
            column={column}
            value={view.positive}
            onValue={(value) => onEdit({ kind: "text", at: "columns.positive", value })}
          />
        )}
      </Ask>,
    );
  }
  if (roles.includes("decision") && decision !== null) {
    asks.push(
      <Ask key="decision" label={t("decided")}>
        {(id) => (
          <span className="flex gap-1.5">
            <select
              className="field !w-auto !py-0.5"
              aria-label={t("test")}
              value={decision.kind === "at_least" ? "at_least" : "equals"}
              onChange={(event) =>
                onEdit({
                  kind: "decision",
                  test: event.target.value === "at_least" ? "at_least" : "equals",
                  value: decision.value,
                })
              }
            >
              {isNumber ? <option value="at_least">{t("atLeast")}</option> : null}
              <option value="equals">{t("equals")}</option>
            </select>
            {decision.kind === "at_least" ? (
              <TextBox
                id={id}
                className="!w-24"
                inputMode="decimal"
                value={decision.value}
                onValue={(value) => onEdit({ kind: "decision", test: "at_least", value })}
              />
            ) : (
              <ValueBox
                id={id}
                column={column}
                value={decision.kind === "positive" ? view.positive || positiveAmong(column) : decision.value}
                onValue={(value) => onEdit({ kind: "decision", test: "equals", value })}
              />
            )}
          </span>
        )}
      </Ask>,
    );
  }
  if (roles.includes("protected") && isNumber) {
    asks.push(
      <Ask key="breaks" label={t("bands")}>
        {(id) => (
          <TextBox
            id={id}
            className="!w-36"
            placeholder={t("bandsExample")}
            value={view.breaks[column.name] ?? ""}
            onValue={(text) => onEdit({ kind: "breaks", column: column.name, text })}
          />
        )}
      </Ask>,
    );
  }
  if (roles.includes("protected") && view.breaks[column.name] === undefined) {
    asks.push(
      <Ask key="reference" label={t("reference")}>
        {(id) => (
          <ValueBox
            id={id}
            column={column}
            value={view.reference[column.name] ?? ""}
            none={t("noReference")}
            onValue={(value) => onEdit({ kind: "reference", column: column.name, value })}
          />
        )}
      </Ask>,
    );
  }
  return asks.length === 0 ? null : <div className="mt-1.5 grid gap-1.5 pb-1">{asks}</div>;
}

function Ask({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="grid grid-cols-[7.5rem_minmax(0,1fr)] items-baseline gap-2 max-sm:grid-cols-1 max-sm:gap-0">
      <label htmlFor={id} className="text-xs text-muted">
        {label}
      </label>
      <div>{children(id)}</div>
    </div>
  );
}

/** One of a column's values: a list where they are few, else a box. */
function ValueBox({
  id,
  column,
  value,
  none,
  onValue,
}: {
  id: string;
  column: Profile;
  value: string;
  none?: string;
  onValue: (value: string) => void;
}) {
  const t = useTranslations("plan.detail");
  const values = column.top.map((one) => one.value);
  const complete = column.distinct !== null && column.distinct <= values.length;
  if (!complete) return <TextBox id={id} className="!w-44" value={value} placeholder={none} onValue={onValue} />;
  const known = value === "" || values.includes(value);
  return (
    <select
      id={id}
      className="field !w-auto !max-w-full !py-0.5"
      value={value}
      onChange={(event) => onValue(event.target.value)}
    >
      <option value="">{none ?? t("choose")}</option>
      {known ? null : <option value={value}>{value}</option>}
      {values.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </select>
  );
}

/** What counts as positive where the plan does not say. */
function positiveAmong(column: Profile): string {
  return column.top.find(({ value }) => value === "1" || value.toLowerCase() === "true")?.value ?? "";
}
