import { type CodedTable, type ColumnRequest, coded } from "@assay/dataset";
import type { LocalizedText, Problem } from "@assay/schema";
import type { Roles } from "../../roles.ts";
import type { Input, metrics } from "./settings.ts";

/** What a row is looked at for: 0 for what is well, 1 for what is not, `out` where it does not count. */
export const out = 255;

/** What makes a group badly off, and the words for it. */
export interface Kind {
  readonly id: (typeof metrics)[number];
  /** The rate that is printed. */
  readonly metric: string;
  /** The rate printed is of those well off: a low one is bad. */
  readonly isWanted: boolean;
  /** `of those without the positive class` …, before the rate. */
  readonly among: LocalizedText;
  /** What the rate's share did: `were decided wrongly`. */
  readonly verb: LocalizedText;
  /** The rate's name in titles. */
  readonly title: LocalizedText;
  /** Opens a finding: `Decisions are more often wrong for`. */
  readonly claim: LocalizedText;
  /** What to do. */
  readonly advice: LocalizedText;
}

const everyone: LocalizedText = { en: "people", "zh-CN": "成员" };

const look: LocalizedText = {
  en: "Check whether the training data hold few of them, describe them worse, or label them less reliably.",
  "zh-CN": "请检查训练数据中这些人是否偏少、描述是否更差、标签是否更不可靠。",
};

export function kindOf({ metric }: Pick<Input, "metric">, roles: Pick<Roles, "favourable">): Kind {
  switch (metric) {
    case "error-rate":
      return {
        id: metric,
        metric,
        isWanted: false,
        among: everyone,
        verb: { en: "were decided wrongly", "zh-CN": "被判错" },
        title: { en: "Error rate", "zh-CN": "错误率" },
        claim: { en: "Decisions are more often wrong for", "zh-CN": "判断更常出错的人群" },
        advice: look,
      };
    case "false-positive-rate":
      return {
        id: metric,
        metric,
        isWanted: false,
        among: { en: "people who are truly negative", "zh-CN": "标签为负的人" },
        verb: { en: "were decided positive", "zh-CN": "被判为正" },
        title: { en: "False-positive rate", "zh-CN": "假正例率" },
        claim: { en: "False alarms are more frequent for", "zh-CN": "误报更多的人群" },
        advice: look,
      };
    case "false-negative-rate":
      return {
        id: metric,
        metric,
        isWanted: false,
        among: { en: "people who are truly positive", "zh-CN": "标签为正的人" },
        verb: { en: "were decided negative", "zh-CN": "被判为负" },
        title: { en: "False-negative rate", "zh-CN": "假负例率" },
        claim: { en: "Misses are more frequent for", "zh-CN": "漏报更多的人群" },
        advice: look,
      };
    case "selection-rate":
      return {
        id: metric,
        // The positive decision's rate everywhere else: where people want the negative one, its rate has another name.
        metric: roles.favourable === "1" ? metric : "favourable-rate",
        isWanted: true,
        among: everyone,
        verb: { en: "got the favourable decision", "zh-CN": "获得有利决定" },
        title:
          roles.favourable === "1"
            ? { en: "Selection rate", "zh-CN": "选中率" }
            : { en: "Favourable rate", "zh-CN": "有利决定率" },
        claim: { en: "The favourable decision is rarer for", "zh-CN": "较少获得有利决定的人群" },
        advice: {
          en: "Check whether the reasons for it are ones that the decision may rest on.",
          "zh-CN": "请检查其原因是否是该决定可以依据的理由。",
        },
      };
  }
}

/** Columns that tell what a row is looked at for; null where the roles do not. */
function outcomeRequests({ metric }: Pick<Input, "metric">, roles: Roles): readonly ColumnRequest[] | null {
  const { label, decision, labelText, prediction } = roles;
  if (metric === "selection-rate") return decision && [decision];
  if (label && decision) return [label, decision];
  return metric === "error-rate" && labelText && prediction ? [labelText, prediction] : null;
}

export function outcomeProblems(
  input: Pick<Input, "metric">,
  roles: Roles,
): readonly (Problem & { readonly reason?: LocalizedText })[] {
  const outcome = outcomeRequests(input, roles);
  if (outcome !== null) {
    // Two numbers with decimals agree by accident alone.
    const isNumber = outcome.some(
      (request) => request.kind === "text" && roles.columns.get(request.column) === "number",
    );
    if (!isNumber) return [];
    const reason = {
      en: "predicted numbers are neither right nor wrong; fairness.group-metrics tells how far they are off",
      "zh-CN": "预测的数没有对错之分；偏差多大见 fairness.group-metrics",
    };
    return [{ at: "metric", message: reason.en, reason }];
  }
  const needs = {
    "error-rate": "columns.label beside the decision or prediction",
    "false-negative-rate": "columns.label and a decision",
    "false-positive-rate": "columns.label and a decision",
    "selection-rate": "a decision",
  }[input.metric];
  return [{ at: "metric", message: `${input.metric} needs ${needs}, which the plan does not give` }];
}

export function kindRequests(input: Pick<Input, "metric">, roles: Roles): readonly ColumnRequest[] {
  return outcomeRequests(input, roles) ?? [];
}

/** Every row: 1 in error, 0 not, `out` where it does not count; and how many rows have no known outcome. */
export function errorsOf(
  rows: CodedTable,
  input: Pick<Input, "metric">,
  roles: Roles,
): { readonly errors: Uint8Array; readonly missing: number } {
  const [first, second] = kindRequests(input, roles);
  const errors = new Uint8Array(rows.rows).fill(out);
  let missing = 0;
  if (!first) return { errors, missing };
  const one = coded(rows, first);
  const other = second ? coded(rows, second) : null;
  // error[code of the first][code of the second]: binary codes are 1 for "0" and 2 for "1".
  const width = (other?.levels.length ?? 0) + 1;
  const told = new Uint8Array((one.levels.length + 1) * width).fill(out);
  const bad = roles.favourable === "1" ? "0" : "1";
  for (const [a, left] of one.levels.entries()) {
    if (!other) {
      told[(a + 1) * width] = left === bad ? 1 : 0;
      continue;
    }
    for (const [b, right] of other.levels.entries()) {
      const isOut =
        (input.metric === "false-positive-rate" && left !== "0") ||
        (input.metric === "false-negative-rate" && left !== "1");
      if (!isOut) told[(a + 1) * width + b + 1] = left === right ? 0 : 1;
    }
  }
  for (let row = 0; row < errors.length; row++) {
    const a = one.codes[row] ?? 0;
    const b = other ? (other.codes[row] ?? 0) : 0;
    if (a === 0 || (other && b === 0)) missing += rows.counts?.[row] ?? 1;
    else errors[row] = told[a * width + b] ?? out;
  }
  return { errors, missing };
}
