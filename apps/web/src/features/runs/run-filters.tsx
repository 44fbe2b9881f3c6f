"use client";

import { useTranslations } from "next-intl";
import { debounce, useQueryStates } from "nuqs";
import { useTransition } from "react";
import { runSearch, shows, sorts } from "./run-search.ts";

/** Filter, search and sort; each lives in the address, so that a view can be kept and shared. */
export function RunFilters() {
  const t = useTranslations("runs.filters");
  const [pending, startTransition] = useTransition();
  const [{ show, search, sort }, set] = useQueryStates(runSearch, { shallow: false, startTransition });
  return (
    <search
      aria-busy={pending}
      className={`mb-2 grid grid-cols-2 gap-2 transition-opacity sm:grid-cols-[minmax(0,20rem)_10rem_10rem] ${pending ? "opacity-60" : ""}`}
    >
      <input
        type="search"
        className="field max-sm:col-span-2"
        aria-label={t("search")}
        placeholder={t("search")}
        value={search}
        onChange={(event) =>
          set({ search: event.target.value || null, page: null }, { limitUrlUpdates: debounce(250) })
        }
      />
      <select
        className="field"
        aria-label={t("show")}
        value={show}
        onChange={(event) => set({ show: shows.find((one) => one === event.target.value) ?? null, page: null })}
      >
        {shows.map((value) => (
          <option key={value} value={value}>
            {t(`shows.${value}`)}
          </option>
        ))}
      </select>
      <select
        className="field"
        aria-label={t("sort")}
        value={sort}
        onChange={(event) => set({ sort: sorts.find((one) => one === event.target.value) ?? null, page: null })}
      >
        {sorts.map((value) => (
          <option key={value} value={value}>
            {t(`sorts.${value}`)}
          </option>
        ))}
      </select>
    </search>
  );
}
