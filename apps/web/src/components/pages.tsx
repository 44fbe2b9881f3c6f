"use client";

import { useTranslations } from "next-intl";
import { parseAsInteger, useQueryState } from "nuqs";
import { Button } from "./button.tsx";

/** The way through a list that is shown a page at a time. The page stands in the address as `page`. */
export function Pages({ page, pageSize, total }: { page: number; pageSize: number; total: number }) {
  const t = useTranslations("common.pages");
  const [, setPage] = useQueryState(
    "page",
    parseAsInteger.withDefault(1).withOptions({ shallow: false, history: "push" }),
  );
  const pages = Math.ceil(total / pageSize);
  if (pages <= 1) return null;
  return (
    <nav aria-label={t("label")} className="mt-3 flex items-center gap-2 text-sm text-muted">
      <Button disabled={page <= 1} onClick={() => setPage(page - 1)}>
        {t("previous")}
      </Button>
      <Button disabled={page >= pages} onClick={() => setPage(page + 1)}>
        {t("next")}
      </Button>
      <span className="ml-1">{t("where", { page, pages, total })}</span>
    </nav>
  );
}
