import {
  type AuditId,
  type ComparedMeasure,
  type ComparedVerdict,
  type Comparison,
  comparisonFormat,
  type Finding,
  type LocalizedText,
  type Measure,
  measureKey,
  type Report,
} from "@assay/schema";
import type { AuditDefinition } from "../define.ts";
import { registry } from "../registry.ts";
import { countText } from "../wording/index.ts";
import { judgeComparison, overallVerdict } from "./judge.ts";
import { metricSense } from "./metric-sense.ts";

/**
 * Compares two reports number by number. A report holds no rows, so nothing is paired: a difference counts as shown only
 * where the two intervals do not touch. By Bonferroni's inequality the interval [low b − high a, high b − low a] holds the
 * difference with confidence 1 − 2(1 − c) whatever rows the two share.
 */
export function compareReports(
  a: Report,
  b: Report,
  names: { readonly a: string; readonly b: string },
  why: LocalizedText = noRows,
): Comparison {
  const measures = a.audits.flatMap((audit) => {
    const other = b.audits.find((one) => one.id === audit.id);
    // What measures the machine differs from run to run, whatever the model does.
    return other === undefined || audit.volatile === true ? [] : compareAudit(audit.id, audit.measures, other.measures);
  });
  const isSame = a.digest === b.digest;
  const side = (report: Report, name: string): Comparison["a"] => ({
    name,
    project: report.plan.project,
    report: report.digest,
    data: report.data.digest,
    model: report.model?.digest ?? null,
  });
  const comparison: Comparison = {
    format: comparisonFormat,
    version: 1,
    a: side(a, names.a),
    b: side(b, names.b),
    pairing: { kind: "none", reason: why },
    confidence: measures.find((measure) => measure.confidence !== undefined)?.confidence ?? 0.9,
    replicates: null,
    seed: a.plan.seed,
    verdict: overallVerdict(
      measures,
      isSame || (sameSubject(a, b) && measures.every(({ difference }) => difference === 0 || difference === null)),
    ),
    measures,
    findings: [],
  };
  return { ...comparison, findings: [...circumstances(a, b), ...judgeComparison(comparison)] };
}

const noRows: LocalizedText = {
  en: "reports hold no rows",
  "zh-CN": "报告中不含数据行",
};

function sameSubject(a: Report, b: Report): boolean {
  return a.sections.data === b.sections.data && a.audits.length === b.audits.length;
}

function compareAudit(audit: AuditId, a: readonly Measure[], b: readonly Measure[]): ComparedMeasure[] {
  const others = new Map(b.map((measure) => [measureKey(measure), measure]));
  return a.flatMap((measure) => {
    const other = others.get(measureKey(measure));
    return other === undefined ? [] : [compareMeasure(audit, measure, other)];
  });
}

function compareMeasure(audit: AuditId, a: Measure, b: Measure): ComparedMeasure {
  const {
    value: _v,
    low: _l,
    high: _h,
    confidence: _c,
    n: _n,
    p: _p,
    p_adjusted: _q,
    method: _m,
    reason: _r,
    reference: _f,
    ...place
  } = a;
  const difference = a.value === null || b.value === null ? null : b.value - a.value;
  const bounded = a.low !== undefined && a.high !== undefined && b.low !== undefined && b.high !== undefined;
  const low = bounded ? (b.low ?? 0) - (a.high ?? 0) : undefined;
  const high = bounded ? (b.high ?? 0) - (a.low ?? 0) : undefined;
  const level = Math.min(a.confidence ?? 0.95, b.confidence ?? 0.95);
  const sides = { a: sideOf(a), b: sideOf(b) };
  return {
    audit,
    ...place,
    ...sides,
    difference,
    ...(low === undefined || high === undefined || difference === null
      ? {}
      : { low, high, confidence: Number((1 - 2 * (1 - level)).toPrecision(12)), method: "joint-intervals" }),
    verdict: verdictOf(a.metric, difference, low, high),
    ...(difference === null ? { reason: a.reason ?? b.reason ?? "not known" } : {}),
  };
}

function sideOf({ value, low, high, n, reason }: Measure): ComparedMeasure["a"] {
  return {
    value,
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    ...(n === undefined ? {} : { n }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function verdictOf(metric: string, difference: number | null, low?: number, high?: number): ComparedVerdict {
  if (difference === null) return "unknown";
  if (difference === 0) return "no-evidence";
  if (low === undefined || high === undefined) return "unknown";
  if (low <= 0 && high >= 0) return "no-evidence";
  const { direction } = metricSense(metric);
  if (direction === "none") return "changed";
  return difference > 0 === (direction === "higher") ? "improved" : "regressed";
}

const gateWords: Readonly<Record<Report["gate"]["verdict"], LocalizedText>> = {
  pass: { en: "pass", "zh-CN": "通过" },
  fail: { en: "fail", "zh-CN": "不通过" },
  indeterminate: { en: "cannot tell", "zh-CN": "尚不能判断" },
  none: { en: "no rule", "zh-CN": "没有规则" },
};

/** An audit as pages call it; one that this build does not have by its id. */
function auditName(id: AuditId): LocalizedText {
  const found: AuditDefinition | undefined = registry.find((definition) => definition.id === id);
  return found === undefined ? { en: id, "zh-CN": id } : { en: found.text.en.name, "zh-CN": found.text["zh-CN"].name };
}

/** What is not the same about the two: data, audits, their versions, the gate. */
function circumstances(a: Report, b: Report): Finding[] {
  const findings: Finding[] = [];
  const tell = (id: string, text: LocalizedText, verdict: Finding["verdict"] = "info"): void => {
    findings.push({ id, verdict, severity: verdict === "fail" ? "high" : "low", text, measures: [] });
  };
  if (a.gate.verdict !== b.gate.verdict) {
    tell(
      "gate",
      {
        en: `**The gate changed from ${gateWords[a.gate.verdict].en} to ${gateWords[b.gate.verdict].en}.** Its rules stand in each report.`,
        "zh-CN": `**门禁由${gateWords[a.gate.verdict]["zh-CN"]}变为${gateWords[b.gate.verdict]["zh-CN"]}。** 规则见各自的报告。`,
      },
      b.gate.verdict === "fail" ? "fail" : b.gate.verdict === "pass" ? "pass" : "info",
    );
  }
  if (a.data.digest !== b.data.digest) {
    tell("data", {
      en: `**The data differ.** ${countText(a.data.rows)} rows there, ${countText(b.data.rows)} rows here: a difference may come from the rows alone.`,
      "zh-CN": `**数据不同。** 前者 ${countText(a.data.rows)} 行，后者 ${countText(b.data.rows)} 行：差异可能仅来自数据行。`,
    });
  }
  const only = (x: Report, y: Report): string[] =>
    x.audits
      .filter(
        ({ id, status }) =>
          status === "completed" && !y.audits.some((one) => one.id === id && one.status === "completed"),
      )
      .map(({ id }) => id);
  for (const [id, list, en, zh] of [
    ["only-a", only(a, b), "in the first report alone", "仅前一份报告有"],
    ["only-b", only(b, a), "in the second report alone", "仅后一份报告有"],
  ] as const) {
    if (list.length > 0) {
      tell(id, {
        en: `**Not compared: ${list.map((one) => auditName(one).en).join(", ")}.** ${list.length === 1 ? "It is" : "They are"} ${en}.`,
        "zh-CN": `**未比较：${list.map((one) => auditName(one)["zh-CN"]).join("、")}。** ${zh}。`,
      });
    }
  }
  for (const audit of a.audits) {
    const other = b.audits.find((one) => one.id === audit.id);
    if (other !== undefined && other.version !== audit.version) {
      tell(`version-${audit.id.replace(".", "-")}`, {
        en: `**${auditName(audit.id).en} changed between the two.** Version ${audit.version} made the first, version ${other.version} the second: a number may differ for that alone.`,
        "zh-CN": `**${auditName(audit.id)["zh-CN"]}的版本不同。** 前者为第 ${audit.version} 版，后者为第 ${other.version} 版：数值可能仅因此而不同。`,
      });
    }
  }
  return findings;
}
