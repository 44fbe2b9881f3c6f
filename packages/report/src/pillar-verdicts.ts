import { type LocalizedText, type Pillar, pillars, type Report } from "@assay/schema";
import { findingParts, sortedFindings } from "./findings.ts";
import { metricBy } from "./words/metrics.ts";

export interface PillarVerdict {
  readonly pillar: Pillar;
  /** `none`: nothing of this pillar was judged. */
  readonly verdict: "pass" | "fail" | "indeterminate" | "none";
  readonly line: LocalizedText;
}

type Judged = Pick<Report, "audits" | "gate">;

/**
 * One verdict per pillar, for the strip on top of run page and report. Rules decide where there are any; otherwise the audits'
 * own findings. An audit that failed can never leave its pillar with a pass.
 */
export function pillarVerdicts(report: Judged): readonly PillarVerdict[] {
  return pillars.map((pillar) => {
    const { verdict, line } = judgePillar(pillar, report);
    return { pillar, verdict, line };
  });
}

function judgePillar(pillar: Pillar, report: Judged): Omit<PillarVerdict, "pillar"> {
  const audits = report.audits.filter((audit) => pillarOf(audit.id) === pillar);
  const rules = report.gate.rules.filter((rule) => rule.measures.some((measure) => pillarOf(measure.audit) === pillar));
  for (const verdict of ["fail", "indeterminate"] as const) {
    const telling = rules.filter((rule) => rule.verdict === verdict);
    if (telling.length > 0) return { verdict, line: metricsOf(telling) };
  }
  const undone = audits.filter((audit) => audit.status === "failed");
  if (undone.length > 0) {
    const names = undone.map((audit) => audit.id);
    return {
      verdict: "indeterminate",
      line: { en: `${names.join(", ")} could not be completed`, "zh-CN": `${names.join("、")} 未能完成` },
    };
  }
  if (rules.length > 0) return { verdict: "pass", line: metricsOf(rules) };
  const findings = sortedFindings({ audits, gate: report.gate });
  // The gravest speaks for the pillar, verdict and words together; small notes stand behind what holds.
  const telling =
    findings.find(({ verdict, finding }) => verdict !== "info" || finding.severity !== "low") ?? findings[0];
  if (telling !== undefined) {
    const { text } = telling.finding;
    return {
      verdict: telling.verdict === "info" ? "none" : telling.verdict,
      line: { en: findingParts(text.en).claim, "zh-CN": findingParts(text["zh-CN"]).claim },
    };
  }
  if (audits.some((audit) => audit.status === "completed")) {
    return { verdict: "none", line: { en: "audited, no finding", "zh-CN": "已审计，没有发现" } };
  }
  const skipped = audits.find((audit) => audit.status === "skipped");
  return {
    verdict: "none",
    line: skipped?.reason ?? { en: "no audit of this pillar ran", "zh-CN": "这一方面没有运行审计" },
  };
}

function pillarOf(auditId: string): string {
  return auditId.slice(0, auditId.indexOf("."));
}

/** The metrics that rules speak of, each once, the first three by name. */
function metricsOf(rules: Judged["gate"]["rules"]): LocalizedText {
  const names = new Map(
    rules.map(({ rule }) => [
      `${rule.metric} ${rule.by?.join(" ") ?? ""} ${rule.feature ?? ""}`,
      metricBy(rule.metric, rule.by, rule.feature),
    ]),
  );
  const all = [...names.values()];
  const shown = all.slice(0, 3);
  const more = all.length - shown.length;
  return {
    en: shown.map((name) => name.en).join(", ") + (more > 0 ? ` and ${more} more` : ""),
    "zh-CN": shown.map((name) => name["zh-CN"]).join("，") + (more > 0 ? `，另有 ${more} 项` : ""),
  };
}
