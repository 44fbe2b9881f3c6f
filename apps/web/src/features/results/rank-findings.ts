import { type PlacedFinding, sortedFindings } from "@assay/report/text";
import type { Figure, Report } from "@assay/schema";

/** A figure with the findings it shows; findings without one stand alone. */
export interface FindingGroup {
  readonly key: string;
  readonly findings: readonly PlacedFinding[];
  readonly figure: Figure | null;
}

export interface RankedFindings {
  /** What one came for: what fails, and what weighs most. Findings of one figure stand together. */
  readonly grave: readonly FindingGroup[];
  /** All others, in the same order. */
  readonly rest: readonly PlacedFinding[];
}

/** So many are opened where nothing fails and nothing weighs much. */
const fewest = 3;

/** Parts the findings into those that open the page and those that are folded away under a count. */
export function rankFindings(report: Pick<Report, "audits" | "gate">): RankedFindings {
  const all = sortedFindings(report);
  const weighs = ({ finding, verdict }: PlacedFinding) =>
    verdict === "fail" || (finding.severity === "high" && verdict !== "pass");
  const grave = all.some(weighs) ? all.filter(weighs) : all.slice(0, fewest);
  return { grave: grouped(grave), rest: all.filter((placed) => !grave.includes(placed)) };
}

function grouped(findings: readonly PlacedFinding[]): FindingGroup[] {
  const groups = new Map<string, { key: string; findings: PlacedFinding[]; figure: Figure | null }>();
  for (const placed of findings) {
    const { audit, finding } = placed;
    const figure = audit.figures.find(({ id }) => id === finding.figure) ?? null;
    const key = figure === null ? `${audit.id} finding ${finding.id}` : `${audit.id} figure ${figure.id}`;
    const group = groups.get(key) ?? { key, findings: [], figure };
    group.findings.push(placed);
    groups.set(key, group);
  }
  return [...groups.values()];
}
