"use client";

import { sortedFindings } from "@assay/report/text";
import type { AuditResult } from "@assay/schema";
import { useTranslations } from "next-intl";
import { Section } from "../../components/page.tsx";
import { FindingText } from "../results/findings.tsx";

/** The findings of the audits that are done, gravest first, while others are under way. */
export function FoundSoFar({ found }: { found: readonly AuditResult[] }) {
  const t = useTranslations("tabAudit.soFar");
  const placed = sortedFindings({ audits: [...found], gate: { verdict: "none", rules: [] } });
  if (placed.length === 0) return null;
  return (
    <Section title={t("title")} note={t("note")}>
      <ul aria-live="off" className="m-0 list-none p-0">
        {placed.map((one) => (
          <li key={`${one.audit.id} ${one.finding.id}`} className="border-t border-line py-4">
            <FindingText placed={one} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
