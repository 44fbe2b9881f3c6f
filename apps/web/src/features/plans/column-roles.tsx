"use client";

import type { Problem } from "@assay/schema";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { Section } from "../../components/page.tsx";
import type { DatasetDetail } from "../../trpc/types.ts";
import { ColumnDetail } from "./column-detail.tsx";
import type { PlanEdit } from "./edit-plan.ts";
import { type PlanView, rolesOf } from "./plan-view.ts";
import { columnOf } from "./problem-places.ts";
import { RoleMenu } from "./role-menu.tsx";

type Profile = DatasetDetail["columns"][number];

/** More columns than this can be filtered. */
const manyColumns = 14;

/** Every column with what it holds and its roles, editable in place. */
export function ColumnRoles({
  columns,
  rows,
  view,
  problems,
  onEdit,
}: {
  columns: readonly Profile[];
  rows: number;
  view: PlanView;
  problems: readonly Problem[];
  onEdit: (edit: PlanEdit) => void;
}) {
  const t = useTranslations("plan.columns");
  const format = useFormatter();
  const [filter, setFilter] = useState("");
  const wanted = filter.trim().toLowerCase();
  const shown = columns.filter((column) => wanted === "" || column.name.toLowerCase().includes(wanted));
  return (
    <Section
      title={t("title")}
      note={t("note")}
      actions={
        columns.length > manyColumns ? (
          <input
            type="search"
            className="field !w-52"
            aria-label={t("filter")}
            placeholder={t("filter")}
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
        ) : undefined
      }
    >
      <table className="ledger table-fixed">
        <thead>
          <tr>
            <th scope="col" className="w-[24%] max-sm:w-[45%]">
              {t("name")}
            </th>
            <th scope="col" className="max-md:hidden">
              {t("holds")}
            </th>
            <th scope="col" className="num w-20 max-md:hidden">
              {t("missing")}
            </th>
            <th scope="col" className="w-[38%] max-sm:w-[55%]">
              {t("roles")}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((column) => {
            const roles = rolesOf(view, column.name);
            const own = problems.filter((problem) => columnOf(problem, view) === column.name);
            return (
              <tr key={column.name} className={roles.length === 0 ? "text-muted" : undefined}>
                <th scope="row" className="truncate align-top" title={column.name}>
                  {column.name}
                </th>
                <td className="align-top text-muted max-md:hidden">
                  <span className="block truncate text-xs leading-5" title={holds(column)}>
                    {holds(column)}
                  </span>
                </td>
                <td className="num align-top text-muted max-md:hidden">
                  {column.missing === 0
                    ? "–"
                    : format.number(column.missing / rows, { style: "percent", maximumFractionDigits: 1 })}
                </td>
                <td className="align-top">
                  <RoleMenu
                    column={column.name}
                    roles={roles}
                    onRole={(role, on) =>
                      onEdit({
                        kind: "role",
                        column: column.name,
                        role,
                        on,
                        numeric: (column.type === "integer" || column.type === "number") && (column.distinct ?? 3) > 2,
                      })
                    }
                  />
                  <ColumnDetail column={column} roles={roles} view={view} onEdit={onEdit} />
                  {own.map((problem) => (
                    <p key={problem.at + problem.message} role="alert" className="m-0 mt-1 text-xs text-fail">
                      {problem.message}
                    </p>
                  ))}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Section>
  );

  function holds(column: Profile): string {
    const distinct = column.distinct === null ? "" : t("distinct", { count: column.distinct });
    const isRange = (column.type === "integer" || column.type === "number") && (column.distinct ?? 99) > 12;
    const values =
      isRange && column.min !== null && column.max !== null
        ? `${format.number(column.min, { useGrouping: false })} – ${format.number(column.max, { useGrouping: false })}`
        : column.top
            .slice(0, 4)
            .map(({ value }) => value)
            .join(", ");
    const type = t(`types.${column.type}`);
    return distinct === "" ? type : `${type}, ${distinct}: ${values}`;
  }
}
