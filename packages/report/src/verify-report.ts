import { gateVerdict, type Report } from "@assay/schema";
import { readReport } from "./read-report.ts";
import { bodyDigest, type RawBody, sectionDigests } from "./seal-report.ts";

export type Verification =
  | { readonly ok: true; readonly report: Report }
  | {
      readonly ok: false;
      readonly report: Report;
      /**
       * Sections that are not what was sealed: `plan`, `data`, `model`, `gate`, `audits.<id>`; `digest` where every
       * section holds and the whole does not (audits in another order, or the digest itself was changed).
       */
      readonly differs: readonly string[];
    };

/**
 * Recomputes every digest of a report from the value as it was read, before defaults could mend it.
 * `environment` is outside the digests and not vouched for.
 * @throws AssayError report-invalid, when it cannot be read as a report at all
 */
export function verifyReport(value: unknown): Verification {
  const report = readReport(value);
  // `value` has just been shown to have the shape of a report; what parsing would fill in must not be hashed.
  const raw = value as RawBody;
  const now = sectionDigests(raw);
  const sealed = report.sections;
  const differs: string[] = (["plan", "data", "model", "gate"] as const).filter((name) => now[name] !== sealed[name]);
  // The whole's digest leaves volatile rules out, and with them what they add to the verdict.
  if (report.gate.verdict !== gateVerdict(report.gate.rules) && !differs.includes("gate")) differs.push("gate");
  const audits = new Set([...Object.keys(now.audits), ...Object.keys(sealed.audits)]);
  for (const id of [...audits].sort()) {
    if (ofAudit(now, id) !== ofAudit(sealed, id)) differs.push(`audits.${id}`);
  }
  const whole = bodyDigest(raw) === report.digest;
  if (differs.length === 0 && whole) return { ok: true, report };
  return { ok: false, report, differs: differs.length === 0 ? ["digest"] : differs };
}

function ofAudit(sections: Report["sections"], id: string): string | undefined {
  return Object.entries(sections.audits).find(([name]) => name === id)?.[1];
}
