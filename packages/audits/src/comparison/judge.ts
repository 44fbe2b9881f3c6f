import {
  type ComparedMeasure,
  type ComparedVerdict,
  type Comparison,
  comparedQuantities,
  type Finding,
  type LocalizedText,
  shownVerdict,
} from "@assay/schema";
import { columnsText, plainText } from "../groups/reading.ts";
import { countText, decimalText, percentText, pText } from "../wording/index.ts";
import { metricSense } from "./metric-sense.ts";

/** Findings of one number each for a verdict; the rest are counted in one sentence and stand in the table. */
const mostFindings = 6;

const subjects: Readonly<Record<"improved" | "regressed" | "changed", LocalizedText>> = {
  improved: { en: "improved", "zh-CN": "改善" },
  regressed: { en: "got worse", "zh-CN": "变差" },
  changed: { en: "changed", "zh-CN": "有变化" },
};

/** What all numbers together say. `same`: no row is decided differently. */
export function overallVerdict(measures: readonly ComparedMeasure[], same: boolean): Comparison["verdict"] {
  if (same) return "same";
  const has = (verdict: ComparedVerdict): boolean => measures.some((measure) => measure.verdict === verdict);
  if (has("improved")) return has("regressed") ? "mixed" : "improved";
  if (has("regressed")) return "regressed";
  return has("changed") ? "changed" : "no-evidence";
}

/** The sentences of a comparison: what got worse first, then what improved, then what cannot be told. */
export function judgeComparison(comparison: Comparison): Finding[] {
  const { measures, verdict, pairing } = comparison;
  if (verdict === "same") {
    const rows = pairing.kind === "none" ? null : pairing.rows;
    const left = pairing.kind === "none" ? 0 : pairing.onlyA + pairing.onlyB + pairing.disagree;
    if (rows !== null && left > 0) {
      return [
        finding("same", "indeterminate", "medium", [], {
          en: `**No difference on the rows that both have.** Both give each of these ${countText(rows)} rows the same decision. ${countText(left)} more rows were not compared: they stand in one of the two alone, or with another label, group or weight.`,
          "zh-CN": `**两者共有的行上没有差异。** 两者对这 ${countText(rows)} 行的决定都相同。另有 ${countText(left)} 行未作比较：它们只在其中一方，或标签、分组、权重不一致。`,
        }),
      ];
    }
    return [
      finding("same", "info", "low", [], {
        en:
          rows === null
            ? "**No difference.** Every number of the two is the same."
            : `**No difference.** Both give each of the ${countText(rows)} rows the same decision.`,
        "zh-CN":
          rows === null
            ? "**没有差异。** 两者的所有数值都相同。"
            : `**没有差异。** 两者对全部 ${countText(rows)} 行的决定都相同。`,
      }),
    ];
  }
  const quantities = comparedQuantities(measures);
  const places = quantities.map(({ place }) => place);
  const told = (["regressed", "improved", "changed"] as const).map((kind) =>
    places
      .filter((place) => measures[place]?.verdict === kind)
      .sort(
        (x, y) => breadth(measures[x]) - breadth(measures[y]) || strength(measures[x]) - strength(measures[y]) || x - y,
      )
      .map((place) => ({ kind, place })),
  );
  const findings = told.flatMap((those) =>
    those
      .flatMap(({ kind, place }) => {
        const measure = measures[place];
        // What has no name in words here stands in the table, which has one.
        return measure === undefined || !metricSense(measure.metric).named ? [] : [claimOf(measure, kind, place)];
      })
      .slice(0, mostFindings),
  );
  const rest = told.flat().length - findings.length;
  const silent = quantities.filter(({ measure }) => shownVerdict(measure) === "no-evidence").length;
  if (rest > 0) {
    findings.push(
      finding("more", "info", "low", [], {
        en: `**${rest === 1 ? "1 more number differs" : `${countText(rest)} more numbers differ`}.** ${rest === 1 ? "It stands" : "They stand"} in the table.`,
        "zh-CN": `**另有 ${countText(rest)} 个数值有差异。** 见表格。`,
      }),
    );
  }
  if (silent > 0) {
    findings.push(
      finding("no-evidence", "indeterminate", "low", [], {
        en: `**No evidence of a difference in ${silent === 1 ? "1 number" : `${countText(silent)} numbers`}.** That is not proof of none: each interval says how large a difference the data allow.`,
        "zh-CN": `**${countText(silent)} 个数值没有差异的证据。** 这并不证明没有差异：各自的区间给出了数据所容许的差异大小。`,
      }),
    );
  }
  return findings;
}

/** What is about everyone comes before gaps, single groups, and groups of crossed columns. */
function breadth(measure: ComparedMeasure | undefined): number {
  if (measure?.by !== undefined) return measure.by.length;
  return measure?.group === undefined ? 0 : 1.5 + Object.keys(measure.group).length;
}

function strength(measure: ComparedMeasure | undefined): number {
  return measure?.p_adjusted ?? 1;
}

function claimOf(measure: ComparedMeasure, kind: keyof typeof subjects, place: number): Finding {
  const sense = metricSense(measure.metric);
  const where = placeText(measure);
  const value = (number: number | null): string =>
    number === null ? "?" : sense.percent ? percentText(number) : decimalText(number, 3);
  const change = (number: number): string =>
    signed(sense.percent ? decimalText(number * 100, 1) : decimalText(number, 3));
  const unit = sense.percent ? { en: " points", zh: " 个百分点" } : { en: "", zh: "" };
  const level = percentText(measure.confidence ?? 0.95, 0);
  const interval =
    measure.low === undefined || measure.high === undefined
      ? { en: "", zh: "" }
      : {
          en: `${level} interval ${change(measure.low)} to ${change(measure.high)}`,
          zh: `${level} 区间 ${change(measure.low)} 至 ${change(measure.high)}`,
        };
  const p =
    measure.p_adjusted === undefined
      ? { en: "", zh: "" }
      : { en: `adjusted ${pText(measure.p_adjusted)}`, zh: `校正后 ${pText(measure.p_adjusted)}` };
  const n = measure.n === undefined ? "" : `n = ${countText(measure.n)}`;
  const sure = {
    en: [interval.en, p.en, n].filter(Boolean).join("; "),
    zh: [interval.zh, p.zh, n].filter(Boolean).join("；"),
  };
  const by = change(measure.difference ?? 0);
  return finding(
    `${measure.metric}-${kind}-${place + 1}`,
    kind === "regressed" ? "fail" : kind === "improved" ? "pass" : "info",
    kind === "regressed" ? "high" : "medium",
    [place],
    {
      en: `**${sense.label.en} ${subjects[kind].en}${where.en}.** From ${value(measure.a.value)} to ${value(measure.b.value)}: ${by}${unit.en} (${sure.en}).`,
      "zh-CN": `**${where["zh-CN"]}${sense.label["zh-CN"]}${subjects[kind]["zh-CN"]}。** 由 ${value(measure.a.value)} 变为 ${value(measure.b.value)}，变化 ${by}${unit.zh}（${sure.zh}）。`,
    },
  );
}

function finding(
  id: string,
  verdict: Finding["verdict"],
  severity: Finding["severity"],
  measures: readonly number[],
  text: LocalizedText,
): Finding {
  return { id, verdict, severity, text, measures: [...measures] };
}

/** The group, groups, class, feature or split that a number speaks of. */
function placeText(measure: ComparedMeasure): LocalizedText {
  const { group, by, class: ofClass, feature, column, split, version } = measure;
  if (by !== undefined) return { en: ` by ${columnsText(by)}`, "zh-CN": `按 ${columnsText(by)} 的` };
  const parts = {
    en: Object.values(group ?? {}).map((value) => (value === null ? "unknown" : plainText(value))),
    zh: Object.values(group ?? {}).map((value) => (value === null ? "未知" : plainText(value))),
  };
  const rest = [ofClass, feature, column, split, version].flatMap((one) => (one === undefined ? [] : [plainText(one)]));
  const en = [...parts.en, ...rest].join(", ");
  const zh = [...parts.zh, ...rest].join("、");
  return en === "" ? { en: "", "zh-CN": "" } : { en: ` for ${en}`, "zh-CN": `${zh}：` };
}

function signed(text: string): string {
  return text.startsWith("−") || Number(text) === 0 ? text : `+${text}`;
}
