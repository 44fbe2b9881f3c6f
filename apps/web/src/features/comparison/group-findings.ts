import type { ComparedVerdict, Finding } from "@assay/schema";

export type Mark = ComparedVerdict | "note";

/** What a finding of a comparison says: one without a number tells what else is not the same about the two. */
export function markOf({ verdict, measures }: Finding): Mark {
  if (verdict === "fail") return "regressed";
  if (verdict === "pass") return "improved";
  if (verdict === "indeterminate") return "no-evidence";
  return measures.length > 0 ? "changed" : "note";
}

/** What concerns somebody comes first, what is only to be known last. */
const order: readonly Mark[] = ["regressed", "improved", "changed", "no-evidence", "unknown", "note"];

/** Findings by what they say, in their own order within; what two audits say in the same words is said once. */
export function groupFindings(
  findings: readonly Finding[],
): { readonly mark: Mark; readonly findings: readonly Finding[] }[] {
  const once = findings.filter(
    (finding, place) => findings.findIndex((other) => other.text.en === finding.text.en) === place,
  );
  return order
    .map((mark) => ({ mark, findings: once.filter((finding) => markOf(finding) === mark) }))
    .filter((group) => group.findings.length > 0);
}
