import type { LocalizedText, Plan } from "@assay/schema";
import type { KnownModel } from "../../model-roles.ts";
import { bindRoles, type KnownColumn, type Roles } from "../../roles.ts";
import { learnsFrom } from "./chosen.ts";
import { type Method, methods } from "./settings.ts";
import { type Constraint, constraints } from "./threshold/problem.ts";

/** A method, and whether a plan's columns allow it. */
export interface MethodChoice {
  readonly method: Method;
  readonly needs: "features" | "score";
  /** Why not; null where it can be used. */
  readonly reason: LocalizedText | null;
  /** What it can hold groups to; none where it promises no gap. */
  readonly constraints: readonly Constraint[];
  /** Files it writes, besides the report. */
  readonly files: readonly string[];
}

export interface MitigationChoices {
  /** Protected columns, in the plan's order. */
  readonly by: readonly string[];
  readonly methods: readonly MethodChoice[];
}

/** What of mitigation a plan's columns, and its model, allow. A method that they do not says why. */
export function mitigationChoices(
  plan: Plan,
  columns: readonly KnownColumn[],
  model: KnownModel | null,
): MitigationChoices {
  const { roles } = bindRoles(plan, columns, model);
  return {
    by: roles.protected.map(({ name }) => name),
    methods: methods.map((method) => ({
      method,
      needs: learnsFrom(method),
      reason: whyNot(method, plan, roles),
      constraints: constraintsOf(method),
      files: filesOf(method, plan, roles),
    })),
  };
}

/** What a method can hold groups to. */
export function constraintsOf(method: Method): readonly Constraint[] {
  if (method === "threshold") return constraints;
  return method === "reduce" ? ["demographic-parity", "equalized-odds"] : [];
}

function whyNot(method: Method, plan: Plan, roles: Roles): LocalizedText | null {
  if (roles.protected.length === 0) {
    return {
      en: "the plan names no protected column: there are no groups to make alike",
      "zh-CN": "计划没有指定受保护列：没有可使之一致的群体",
    };
  }
  if (roles.label === null) {
    return roles.labelText === null
      ? {
          en: "the plan names no label: what a rule costs cannot be told without the truth",
          "zh-CN": "计划没有指定标签：没有真实结果，就无法得知规则的代价",
        }
      : {
          en: "the label has no positive class; name it with columns.positive",
          "zh-CN": "标签没有指定正类；请用 columns.positive 指明",
        };
  }
  if (learnsFrom(method) === "score") return roles.score === null ? noScore : null;
  if (roles.features.length === 0) return noFeatures;
  return plan.data.counts === undefined ? null : countsOnly;
}

const noScore: LocalizedText = {
  en: "it needs a score: name columns.score, or a model that gives one",
  "zh-CN": "需要分数：请指定 columns.score，或给出分数的模型",
};
const noFeatures: LocalizedText = {
  en: "it learns anew from features: name columns.features",
  "zh-CN": "需要由特征重新学习：请指定 columns.features",
};
const countsOnly: LocalizedText = {
  en: "it learns from single rows, and the plan gives a table of counts",
  "zh-CN": "需要由单独的行学习，而计划给出的是计数表",
};

function filesOf(method: Method, plan: Plan, roles: Roles): readonly string[] {
  const own: Readonly<Record<Method, readonly string[]>> = {
    reduce: ["model.onnx"],
    repair: ["repaired.csv"],
    resample: ["resampled.csv", "model.onnx"],
    reweigh: ["weights.csv", "model.onnx"],
    // A band of a number is no text that a model could be given.
    threshold: roles.protected.every((role) => role.request.kind === "text")
      ? ["thresholds.json", "model.onnx"]
      : ["thresholds.json"],
  };
  return [...own[method], ...(plan.data.counts === undefined ? ["decisions.csv"] : [])];
}
