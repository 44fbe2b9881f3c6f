"use client";

import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { useId, useTransition } from "react";
import { mitigationSearch } from "./mitigation-search.ts";

/** Which run's plan, data and model; it lives in the address. */
export function RunChoice({
  runs,
  value,
}: {
  runs: readonly { readonly number: number; readonly text: string }[];
  value: number | null;
}) {
  const t = useTranslations("mitigation.run");
  const [pending, startTransition] = useTransition();
  const [, set] = useQueryStates(mitigationSearch, { shallow: false, startTransition, history: "push" });
  const id = useId();
  return (
    <div aria-busy={pending} className={`mb-10 max-w-[32rem] transition-opacity ${pending ? "opacity-60" : ""}`}>
      <label htmlFor={id} className="mb-1 block text-xs text-muted">
        {t("label")}
      </label>
      <select
        id={id}
        className="field"
        value={value ?? ""}
        onChange={(event) => set({ run: Number(event.target.value), by: null, constraint: null })}
      >
        {runs.some(({ number }) => number === value) ? null : <option value={value ?? ""}>{t("choose")}</option>}
        {runs.map(({ number, text }) => (
          <option key={number} value={number}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
