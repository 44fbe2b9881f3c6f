import type { Locale } from "@assay/schema";
import type { AuditInfo } from "../../trpc/types.ts";
import type { AuditForm } from "./audit-choice.tsx";

/** Audits as the editor shows them, in the reader's language. */
export function auditForms(audits: readonly AuditInfo[], locale: Locale): AuditForm[] {
  return audits.map(({ id, pillar, text, input, defaults }) => ({
    id,
    pillar,
    name: text[locale].name,
    question: text[locale].question,
    settings: text[locale].settings,
    input,
    defaults,
  }));
}
