import type { AuditResult, Finding, Measure, Report, Rule } from "@assay/schema";

export interface PlacedFinding {
  readonly finding: Finding;
  readonly audit: AuditResult;
  /** The finding's verdict, or that of the rule about its numbers where the audit left judging to rules. */
  readonly verdict: Finding["verdict"];
}

const severityOrder = { high: 0, medium: 1, low: 2 } as const satisfies Record<Finding["severity"], number>;

/**
 * All findings, gravest first: what fails; then by severity, and of one severity what cannot be told before what is worth
 * knowing; last what holds.
 */
export function sortedFindings(report: Pick<Report, "audits" | "gate">): PlacedFinding[] {
  const all = report.audits.flatMap((audit) =>
    audit.findings.map((finding) => ({ finding, audit, verdict: verdictOf(finding, audit, report.gate) })),
  );
  // Array sort is stable: equals keep the order their audits gave them.
  return all.sort((a, b) => rank(a) - rank(b));
}

/** Findings by the verdict they are shown with, so that a list of runs agrees with the page of each. */
export function countFindings(report: Pick<Report, "audits" | "gate">): Record<Finding["verdict"], number> {
  const counts = { fail: 0, indeterminate: 0, info: 0, pass: 0 };
  for (const { verdict } of sortedFindings(report)) counts[verdict]++;
  return counts;
}

function rank({ verdict, finding }: PlacedFinding): number {
  const severity = severityOrder[finding.severity];
  if (verdict === "fail") return severity;
  if (verdict === "pass") return 20 + severity;
  return 10 + 2 * severity + (verdict === "indeterminate" ? 0 : 1);
}

/**
 * An audit does not know the plan's rules, and calls worth knowing what a rule may break. So a finding takes on the worst
 * verdict of the rules that judge the very measures it speaks of.
 */
function verdictOf(finding: Finding, audit: AuditResult, gate: Report["gate"]): Finding["verdict"] {
  if (finding.verdict !== "info") return finding.verdict;
  const judged = gate.rules.flatMap((rule) =>
    rule.measures
      .filter((pointed) => pointed.audit === audit.id && finding.measures.includes(pointed.index))
      .map((pointed) => judgeMeasure(rule.rule, audit.measures[pointed.index])),
  );
  return (["fail", "indeterminate", "pass"] as const).find((verdict) => judged.includes(verdict)) ?? "info";
}

/** The gate's own reading of an interval (contracts: `at_least` passes if low ≥ bound, fails if high < bound). */
function judgeMeasure(rule: Rule, measure: Measure | undefined): Finding["verdict"] {
  if (measure === undefined || measure.value === null) return "info";
  const low = measure.low ?? measure.value;
  const high = measure.high ?? measure.value;
  if (rule.at_least !== undefined) {
    return low >= rule.at_least ? "pass" : high < rule.at_least ? "fail" : "indeterminate";
  }
  const bound = rule.at_most ?? 0;
  return high <= bound ? "pass" : low > bound ? "fail" : "indeterminate";
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
