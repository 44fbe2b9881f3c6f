"use client";

import { isAssayError, type Report } from "@assay/schema";
import { useLocale, useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { FaultText } from "../../components/fault-text.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import type { SuppressedReport } from "../../workers/audit-messages.ts";

/** Groups that are named at once. */
const named = 12;
const usual = 5;
const kinds = ["measures", "tables", "figures", "sentences", "artifacts"] as const;

export type Suppress = (report: Report, below: number) => Promise<SuppressedReport>;

/** What goes to the server: the report, or the report without numbers of few people; null while that is being worked out. */
export function SmallCells({
  report,
  suppress,
  onReady,
}: {
  report: Report;
  suppress: Suppress;
  onReady: (report: Report | null) => void;
}) {
  const t = useTranslations("tabAudit.actions.cells");
  const locale = useLocale();
  const [wanted, setWanted] = useState(false);
  const [below, setBelow] = useState(String(usual));
  const [found, setFound] = useState<SuppressedReport | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const bound = /^\d+$/.test(below) && Number(below) >= 2 && Number(below) <= 1000 ? Number(below) : null;

  useEffect(() => {
    setFound(null);
    setFault(null);
    if (!wanted) {
      onReady(report);
      return;
    }
    onReady(null);
    if (bound === null) return;
    let current = true;
    const timer = setTimeout(() => {
      suppress(report, bound).then(
        (told) => {
          if (!current) return;
          setFound(told);
          onReady(told.report);
        },
        (error) => {
          if (current) setFault(faultOf(isAssayError(error) ? error.toJSON() : error));
        },
      );
    }, 250);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [wanted, bound, report, suppress, onReady]);

  const parts = kinds.flatMap((kind) =>
    found?.withheld && found.withheld[kind] > 0 ? [t(`parts.${kind}`, { count: found.withheld[kind] })] : [],
  );
  const rest = (found?.groups.length ?? 0) - named;
  return (
    <div className="mt-4 max-w-[76ch] text-sm">
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            className="accent-ink"
            checked={wanted}
            onChange={(event) => setWanted(event.target.checked)}
          />
          {t("label")}
        </label>
        {wanted ? (
          <label className="flex items-center gap-2 text-muted">
            {t("below")}
            <input
              className="field !w-20 !py-0.5 tabular-nums"
              type="number"
              min={2}
              max={1000}
              step={1}
              value={below}
              aria-invalid={bound === null}
              onChange={(event) => setBelow(event.target.value)}
            />
          </label>
        ) : null}
      </div>
      {wanted ? (
        <div role="status" className="mt-2 min-h-12 text-muted">
          {fault !== null ? (
            <FaultText fault={fault} />
          ) : found === null ? (
            bound === null ? null : (
              t("working")
            )
          ) : found.withheld === null ? (
            t("nothing", { below: bound ?? usual })
          ) : (
            <>
              <p className="m-0 text-ink">{t("withheld", { parts: parts.join(locale === "en" ? ", " : "、") })}</p>
              {found.groups.length === 0 ? null : (
                <p className="m-0">
                  {t("groups")}
                  {locale === "en" ? ": " : "："}
                  {found.groups
                    .slice(0, named)
                    .map((group) => group[locale])
                    .join(locale === "en" ? ", " : "、")}
                  {rest > 0 ? `${locale === "en" ? ", " : "，"}${t("more", { count: rest })}` : null}
                  {locale === "en" ? "." : "。"}
                </p>
              )}
              <p className="m-0">{t("why")}</p>
            </>
          )}
        </div>
      ) : null}
    </div>
  );
}
