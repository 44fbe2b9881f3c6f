"use client";

import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { useId, useTransition } from "react";
import { Button } from "../../components/button.tsx";
import type { Candidate } from "./choose-sides.ts";
import { sidesSearch } from "./comparison-search.ts";

/** Which two runs; both live in the address. */
export function SideChoice({
  runs,
  a,
  b,
}: {
  runs: readonly (Candidate & { readonly detail: string })[];
  a: number | null;
  b: number | null;
}) {
  const t = useTranslations("comparison.sides");
  const [pending, startTransition] = useTransition();
  const [, set] = useQueryStates(sidesSearch, { shallow: false, startTransition, history: "push" });
  const ids = { a: useId(), b: useId() };
  const choice = (side: "a" | "b", value: number | null) => (
    <div className="min-w-0">
      <label htmlFor={ids[side]} className="mb-1 block text-xs text-muted">
        {t(side)}
      </label>
      <select
        id={ids[side]}
        className="field"
        value={value ?? ""}
        onChange={(event) => set({ a, b, how: null, id: null, [side]: Number(event.target.value) })}
      >
        {value === null || !runs.some(({ number }) => number === value) ? (
          <option value="">{t("choose")}</option>
        ) : null}
        {runs.map(({ number, title, detail }) => (
          <option key={number} value={number}>
            {t("run", { number, title, detail })}
          </option>
        ))}
      </select>
    </div>
  );
  return (
    <div
      aria-busy={pending}
      className={`mb-10 grid max-w-[52rem] items-end gap-3 transition-opacity sm:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)] ${pending ? "opacity-60" : ""}`}
    >
      {choice("a", a)}
      <Button
        onClick={() => set({ a: b, b: a, how: null, id: null })}
        disabled={a === null || b === null}
        className="max-sm:justify-self-start"
      >
        <span aria-hidden="true">⇄</span> {t("swap")}
      </Button>
      {choice("b", b)}
    </div>
  );
}
