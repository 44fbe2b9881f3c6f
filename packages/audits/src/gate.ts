import {
  type AuditResult,
  type Gate,
  type GateRule,
  gateVerdict,
  type LocalizedText,
  type Measure,
  type Rule,
} from "@assay/schema";
import { metricSense } from "./comparison/metric-sense.ts";
import { type PreparedAudit, type SourcedRule, sameSet } from "./prepare.ts";
import { decimalText, tidyChinese } from "./wording/index.ts";

/**
 * Judges every rule by the interval of the measures it speaks of. `at_least` passes if low ≥ bound, fails if
 * high < bound, else is indeterminate; `at_most` mirrored. An exact number is its own interval.
 */
export function judgeGate(
  rules: readonly SourcedRule[],
  results: readonly AuditResult[],
  audits: readonly PreparedAudit[],
): Gate {
  const judged = rules.map(({ rule, source }) => judgeRule(rule, source, results, audits));
  return { verdict: gateVerdict(judged), rules: judged };
}

interface Pointed {
  readonly audit: AuditResult["id"];
  readonly index: number;
  readonly measure: Measure;
}

function judgeRule(
  rule: Rule,
  source: string,
  results: readonly AuditResult[],
  audits: readonly PreparedAudit[],
): GateRule {
  const spoken = results.flatMap((result): Pointed[] =>
    result.measures
      .map((measure, index) => ({ audit: result.id, index, measure }))
      .filter(({ measure }) => speaksOf(rule, measure)),
  );
  const excludes = (audit: string): boolean =>
    audits.some(
      (one) =>
        one.definition.id === audit &&
        one.gives.some((given) => given.metric === rule.metric && given.excludes === true),
    );
  const leftOut = spoken.filter(({ audit, measure }) => measure.value === null && excludes(audit));
  const counted = spoken.filter((one) => !leftOut.includes(one));
  const verdicts = counted.map(({ measure }) => judgeMeasure(rule, measure));
  const verdict = verdicts.includes("fail")
    ? "fail"
    : verdicts.length === 0 || verdicts.includes("indeterminate")
      ? "indeterminate"
      : "pass";
  const telling = counted.filter((_, index) => verdicts[index] === verdict);
  const worst = [...telling].sort((a, b) => badness(rule, b.measure) - badness(rule, a.measure))[0] ?? null;
  return {
    rule,
    source,
    verdict,
    text: ruleText(rule, verdict, worst?.measure ?? null, results, {
      excluded: leftOut.length,
      small: worst?.measure.by ? smallGroups(worst, results, audits) : 0,
    }),
    measures: spoken.map(({ audit, index }) => ({ audit, index })),
    ...(isVolatile(rule, audits) ? { volatile: true } : {}),
  };
}

/** By what the plan's audits give, not by what they gave: a rule is the same kind of rule wherever it is judged. */
function isVolatile({ metric }: Rule, audits: readonly PreparedAudit[]): boolean {
  return audits.some(
    ({ definition, gives }) => definition.volatile === true && gives.some((given) => given.metric === metric),
  );
}

/** Without `by`: the overall measure, of no split, or that of the rule's feature. With it: the disparity of those columns, or each of their groups but the unknown. */
function speaksOf(rule: Rule, measure: Measure): boolean {
  if (measure.metric !== rule.metric || measure.stratum) return false;
  if (measure.class !== undefined || measure.feature !== rule.feature || measure.split !== undefined) return false;
  if (rule.by === undefined) return measure.by === undefined && measure.group === undefined;
  if (measure.by) return sameSet(measure.by, rule.by);
  if (!measure.group) return false;
  return sameSet(Object.keys(measure.group), rule.by) && !Object.values(measure.group).includes(null);
}

/** One measure alone. A number that is not known decides nothing. */
export function judgeMeasure(rule: Rule, measure: Measure): "pass" | "fail" | "indeterminate" {
  if (measure.value === null) return "indeterminate";
  const low = measure.low ?? measure.value;
  const high = measure.high ?? measure.value;
  if (rule.at_least !== undefined) {
    return low >= rule.at_least ? "pass" : high < rule.at_least ? "fail" : "indeterminate";
  }
  const bound = rule.at_most ?? 0;
  return high <= bound ? "pass" : low > bound ? "fail" : "indeterminate";
}

/** How far a measure lies on the wrong side of its bound. */
function badness(rule: Rule, measure: Measure): number {
  if (measure.value === null) return Number.POSITIVE_INFINITY;
  return rule.at_least !== undefined ? rule.at_least - measure.value : measure.value - (rule.at_most ?? 0);
}

function ruleText(
  rule: Rule,
  verdict: GateRule["verdict"],
  worst: Measure | null,
  results: readonly AuditResult[],
  out: { readonly excluded: number; readonly small: number },
): LocalizedText {
  const scale = scaleOf(rule.metric);
  const bound = short((rule.at_least ?? rule.at_most ?? 0) * scale.by);
  const side =
    rule.at_least !== undefined
      ? { en: `at least ${bound}${scale.unit.en}`, zh: `至少 ${bound}${scale.unit["zh-CN"]}` }
      : { en: `at most ${bound}${scale.unit.en}`, zh: `至多 ${bound}${scale.unit["zh-CN"]}` };
  const by = rule.by?.join(" × ");
  const sense = metricSense(rule.metric);
  const metric = sense.named
    ? { en: sense.label.en, zh: sense.label["zh-CN"] }
    : { en: rule.metric, zh: ` ${rule.metric} ` };
  const name = by
    ? { en: `${metric.en} by ${by}`, zh: `按 ${by} 的${metric.zh}` }
    : rule.feature !== undefined
      ? { en: `${metric.en} of ${rule.feature}`, zh: `${rule.feature} 的${metric.zh}` }
      : { en: metric.en, zh: metric.zh.trimStart() };
  const tail =
    verdict === "indeterminate" ? { en: ", which does not decide it", zh: "，据此尚不能判断" } : { en: "", zh: "" };
  const met = worst === null ? null : metText(worst, rule.at_least ?? rule.at_most ?? 0, scale);
  const failed = results.filter((result) => result.status === "failed").map((result) => result.id);
  const why =
    met ??
    (failed.length > 0
      ? {
          en: `there is no number, because ${failed.join(", ")} failed`,
          zh: `没有数值，因为 ${failed.join("、")} 未能完成`,
        }
      : { en: "there is no number to judge", zh: "没有可供判断的数值" });
  const left = [
    ...(out.excluded > 0
      ? [
          {
            en: ` ${out.excluded} excluded ${out.excluded === 1 ? "category is" : "categories are"} left out.`,
            zh: ` 未计入 ${out.excluded} 个被排除的类别。`,
          },
        ]
      : []),
    ...(out.small > 0
      ? [
          {
            en: ` ${out.small} ${out.small === 1 ? "group" : "groups"} under min_count ${out.small === 1 ? "is" : "are"} left out; nothing is said of ${out.small === 1 ? "it" : "them"}.`,
            zh: ` 另有 ${out.small} 个组的行数低于 min_count，未计入，对其不作判断。`,
          },
        ]
      : []),
  ];
  return {
    en: `${name.en} must be ${side.en}; ${why.en}${tail.en}.${left.map((one) => one.en).join("")}`,
    "zh-CN": tidyChinese(`${name.zh}须${side.zh}；${why.zh}${tail.zh}。${left.map((one) => one.zh).join("")}`),
  };
}

interface Scale {
  readonly by: number;
  readonly unit: LocalizedText;
}

/** As findings tell it: shares in percent, gaps of shares in points, other numbers as they are. */
function scaleOf(metric: string): Scale {
  if (!metricSense(metric).percent) return { by: 1, unit: { en: "", "zh-CN": "" } };
  return /-difference(-corrected)?$/.test(metric)
    ? { by: 100, unit: { en: " points", "zh-CN": " 个百分点" } }
    : { by: 100, unit: { en: " %", "zh-CN": " %" } };
}

function metText(measure: Measure, bound: number, scale: Scale): LocalizedText & { zh: string } {
  const group = measure.group ? Object.values(measure.group).join(" × ") : null;
  if (measure.value === null) {
    const en = `${group === null ? "it has" : `${group} has`} no value${measure.reason ? ` (${measure.reason})` : ""}`;
    const zh = `${group === null ? "" : `${group}：`}没有数值`;
    return { en, "zh-CN": zh, zh };
  }
  const told = (number: number): string =>
    scale.by === 1 ? short(number, bound) : tenths(number * scale.by, bound * scale.by);
  const value = told(measure.value);
  const { low, high, confidence } = measure;
  const span = low !== undefined && high !== undefined ? [told(low), told(high)] : null;
  const level = confidence === undefined ? "" : `${short(confidence * 100)} % `;
  const en = `${group === null ? "it is" : `${group} has`} ${value}${scale.unit.en}${span ? ` (${level}interval ${span[0]} to ${span[1]})` : ""}`;
  const zh = `${group === null ? "现为" : `${group} 为`} ${value}${scale.unit["zh-CN"]}${span ? `（${level}区间 ${span[0]} 至 ${span[1]}）` : ""}`;
  return { en, "zh-CN": zh, zh };
}

/** Groups with fewer rows than the audit's `min_count`, which its disparities leave out. */
function smallGroups(pointed: Pointed, results: readonly AuditResult[], audits: readonly PreparedAudit[]): number {
  const least = audits.find((one) => one.definition.id === pointed.audit)?.input.min_count;
  const by = pointed.measure.by;
  if (typeof least !== "number" || by === undefined) return 0;
  const measures = results.find((one) => one.id === pointed.audit)?.measures ?? [];
  return measures.filter(
    ({ metric, group, stratum, value }) =>
      metric === "count" &&
      group !== undefined &&
      stratum === undefined &&
      sameSet(Object.keys(group), by) &&
      !Object.values(group).includes(null) &&
      value !== null &&
      value < least,
  ).length;
}

/** One decimal, as findings have it, or as many as part a share from the bound it is held against. */
function tenths(value: number, bound: number): string {
  let decimals = 1;
  while (decimals < 12 && value !== bound && value.toFixed(decimals) === bound.toFixed(decimals)) decimals++;
  return decimalText(value, decimals);
}

/** Three significant digits, or as many as part a value from the bound it is held against; a true minus sign. */
function short(value: number, bound = value): string {
  const rounded = (digits: number, one: number): number =>
    Math.abs(one) >= 1000 && digits === 3 ? Math.round(one) : Number(one.toPrecision(digits));
  let digits = 3;
  while (digits < 15 && value !== bound && rounded(digits, value) === rounded(digits, bound)) digits++;
  return String(rounded(digits, value)).replace("-", "−");
}
