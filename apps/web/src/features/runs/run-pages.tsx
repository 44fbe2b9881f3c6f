"use client";

import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { Button } from "../../components/button.tsx";
import { runSearch } from "./run-search.ts";

export function RunPages({ page, pages, total }: { page: number; pages: number; total: number }) {
  const t = useTranslations("runs.pages");
  const [, set] = useQueryStates(runSearch, { shallow: false, history: "push" });
  if (pages <= 1) return null;
  return (
    <nav aria-label={t("label")} className="mt-3 flex items-center gap-2 text-sm text-muted">
      <Button disabled={page <= 1} onClick={() => set({ page: page - 1 })}>
        {t("previous")}
      </Button>
      <Button disabled={page >= pages} onClick={() => set({ page: page + 1 })}>
        {t("next")}
      </Button>
      <span className="ml-1">{t("where", { page, pages, total })}</span>
    </nav>
  );
}
