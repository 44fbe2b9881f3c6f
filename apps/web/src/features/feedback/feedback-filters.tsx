"use client";

import { useTranslations } from "next-intl";
import { debounce, useQueryStates } from "nuqs";
import { useTransition } from "react";
import { feedbackSearch, shows, whens } from "./feedback-search.ts";

/** Filters by state, assignee, group and time; each lives in the address, so that a view can be kept and shared. */
export function FeedbackFilters({
  assignees,
  groups,
}: {
  assignees: readonly { readonly id: string; readonly name: string }[];
  /** `value` is the search's own text. */
  groups: readonly { readonly value: string; readonly label: string }[];
}) {
  const t = useTranslations("feedback.filters");
  const states = useTranslations("feedback.states");
  const [pending, startTransition] = useTransition();
  const [search, set] = useQueryStates(feedbackSearch, { shallow: false, startTransition });
  return (
    <search
      aria-busy={pending}
      className={`mb-2 grid grid-cols-2 gap-2 transition-opacity md:grid-cols-[minmax(0,16rem)_repeat(4,minmax(0,9rem))] ${pending ? "opacity-60" : ""}`}
    >
      <input
        type="search"
        className="field max-md:col-span-2"
        aria-label={t("search")}
        placeholder={t("search")}
        value={search.search}
        onChange={(event) =>
          set({ search: event.target.value || null, page: null }, { limitUrlUpdates: debounce(250) })
        }
      />
      <select
        className="field"
        aria-label={t("show")}
        value={search.show}
        onChange={(event) => set({ show: shows.find((one) => one === event.target.value) ?? null, page: null })}
      >
        {shows.map((value) => (
          <option key={value} value={value}>
            {value === "open" || value === "all" ? t(value) : states(value)}
          </option>
        ))}
      </select>
      <select
        className="field"
        aria-label={t("assignee")}
        value={search.assignee}
        onChange={(event) => set({ assignee: event.target.value || null, page: null })}
      >
        <option value="">{t("anybody")}</option>
        <option value="me">{t("me")}</option>
        <option value="none">{t("nobody")}</option>
        {assignees.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <select
        className="field"
        aria-label={t("group")}
        value={search.group}
        disabled={groups.length === 0}
        onChange={(event) => set({ group: event.target.value || null, page: null })}
      >
        <option value="">{t("anyGroup")}</option>
        {groups.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <select
        className="field"
        aria-label={t("when")}
        value={search.when}
        onChange={(event) => set({ when: whens.find((one) => one === event.target.value) ?? null, page: null })}
      >
        {whens.map((value) => (
          <option key={value} value={value}>
            {t(`whens.${value}`)}
          </option>
        ))}
      </select>
    </search>
  );
}
