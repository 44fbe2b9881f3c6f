import type { AuditResult, Finding, Report } from "@assay/schema";

export interface PlacedFinding {
  readonly finding: Finding;
  readonly audit: AuditResult;
}

const verdictOrder = { fail: 0, indeterminate: 1, info: 2, pass: 3 } as const satisfies Record<
  Finding["verdict"],
  number
>;
const severityOrder = { high: 0, medium: 1, low: 2 } as const satisfies Record<Finding["severity"], number>;

/** All findings, gravest first: what fails, what cannot be told, what is worth knowing, what holds; then by severity. */
export function sortedFindings(report: Pick<Report, "audits">): PlacedFinding[] {
  const all = report.audits.flatMap((audit) => audit.findings.map((finding) => ({ finding, audit })));
  // Array sort is stable: equals keep the order their audits gave them.
  return all.sort(
    (a, b) =>
      verdictOrder[a.finding.verdict] - verdictOrder[b.finding.verdict] ||
      severityOrder[a.finding.severity] - severityOrder[b.finding.severity],
  );
}

export interface FindingParts {
  /** What is said, without mark-up, as a heading: no full stop behind it. */
  readonly claim: string;
  /** The evidence that follows, may be empty. */
  readonly rest: string;
}

/**
 * Parts `**claim.** the rest`. A bold opening that ends in mid-sentence (`**Cannot tell yet** for Asian women: …`) is
 * drawn out to its colon, so that the heading says what it is about.
 */
export function findingParts(text: string): FindingParts {
  const match = /^\*\*([\s\S]+?)\*\*([\s\S]*)$/.exec(text);
  let claim = match?.[1]?.trim() ?? text.trim();
  let rest = (match?.[2] ?? "").trim();
  if (rest !== "" && !/[.!?。！？：:]$/.test(claim)) {
    const colon = /^([^:：]{1,160})[:：]\s*([\s\S]+)$/.exec(rest);
    if (colon?.[1] !== undefined && colon[2] !== undefined) {
      const joint = /^[\u2e80-\uffef（]/.test(colon[1]) ? "" : " ";
      claim = `${claim}${joint}${colon[1].trim()}`;
      rest = colon[2].replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
    }
  }
  return { claim: claim.replace(/[.。：:]$/, ""), rest };
}

/** A claim as a sentence of running text. */
export function claimSentence(text: string): string {
  const { claim } = findingParts(text);
  if (/[!?！？…]$/.test(claim)) return claim;
  return claim + (/[\u2e80-\uffef]/.test(claim.slice(-2)) ? "。" : ".");
}
