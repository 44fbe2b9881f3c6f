"use client";

import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { Button } from "../../components/button.tsx";
import { feedbackSearch } from "./feedback-search.ts";

export function FeedbackPages({ page, pages, total }: { page: number; pages: number; total: number }) {
  const t = useTranslations("feedback.pages");
  const [, set] = useQueryStates(feedbackSearch, { shallow: false, history: "push" });
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
