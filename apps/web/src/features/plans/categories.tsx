"use client";

import { useTranslations } from "next-intl";
import { useId, useRef, useState } from "react";
import { Button } from "../../components/button.tsx";
import type { PlanEdit } from "./edit-plan.ts";
import type { ModelView } from "./plan-view.ts";
import { readCategories } from "./read-categories.ts";

/** How a model that takes numbers codes texts: lists from a JSON file, one for each column. */
export function Categories({
  categories,
  onEdit,
}: {
  categories: ModelView["categories"];
  onEdit: (edit: PlanEdit) => void;
}) {
  const t = useTranslations("plan.model.categories");
  const help = useId();
  const input = useRef<HTMLInputElement>(null);
  const [bad, setBad] = useState<string | null>(null);
  const lists = typeof categories === "string" ? [] : Object.entries(categories);
  return (
    <div className="mb-4 text-sm sm:col-span-2">
      <p className="m-0 font-medium">{t("title")}</p>
      <p className="m-0 mb-2 max-w-[76ch] text-muted">
        {typeof categories === "string"
          ? t("file", { file: categories })
          : lists.length === 0
            ? t("none")
            : lists.map(([column, count]) => t("listed", { column, count })).join(t("comma"))}
      </p>
      <span className="flex flex-wrap gap-2">
        <Button aria-describedby={help} onClick={() => input.current?.click()}>
          {t("read")}
        </Button>
        {lists.length === 0 && typeof categories !== "string" ? null : (
          <Button onClick={() => onEdit({ kind: "categories", lists: null })}>{t("clear")}</Button>
        )}
      </span>
      <input
        ref={input}
        type="file"
        tabIndex={-1}
        aria-hidden="true"
        accept=".json"
        className="hidden"
        onChange={async (event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file === undefined) return;
          const read = readCategories(await file.text());
          setBad(read === null ? file.name : null);
          if (read !== null) onEdit({ kind: "categories", lists: read });
        }}
      />
      <p id={help} className="m-0 mt-1 max-w-[76ch] text-xs text-muted">
        {t("help")}
      </p>
      {bad === null ? null : (
        <p role="alert" className="m-0 mt-1 text-fail">
          {t("bad", { file: bad })}
        </p>
      )}
    </div>
  );
}
