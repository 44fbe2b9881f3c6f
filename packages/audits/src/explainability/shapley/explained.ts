import type { LocalizedText } from "@assay/schema";
import type { Roles } from "../../roles.ts";
import type { ShapleyInput } from "./settings.ts";

/** What is explained, in words for sentences and axes, and for the method of a measure. */
export interface Explained {
  readonly text: LocalizedText;
  readonly method: string;
}

/**
 * Of several classes a probability is made of all classes' sums together; `log-odds` is then the one class's own score, which
 * the others do not enter: what a softmax is taken of, or the log-odds of the class against the rest.
 */
export function explained({ output }: Pick<ShapleyInput, "output">, { model }: Pick<Roles, "model">): Explained {
  const link = model?.about.link ?? null;
  const named = model?.positive ?? "";
  if (link === "softmax" && output === "log-odds") {
    return {
      text: { en: `raw score of ${named} (before the softmax)`, "zh-CN": `${named} 的原始得分（softmax 之前）` },
      method: `raw score of ${named} before the softmax`,
    };
  }
  if (link === "logistic-share" && output === "log-odds") {
    return {
      text: {
        en: `log-odds of ${named} against the rest (before shares are taken)`,
        "zh-CN": `${named} 对其余各类的对数几率（归一化之前）`,
      },
      method: `log-odds of ${named} against the rest, before shares are taken`,
    };
  }
  if (link === "softmax" || link === "logistic-share") {
    return {
      text: { en: `probability of ${named}`, "zh-CN": `${named} 的概率` },
      method: `probability of ${named}, over all sets of inputs`,
    };
  }
  return output === "log-odds"
    ? { text: { en: "log-odds", "zh-CN": "对数几率" }, method: output }
    : { text: { en: "model output", "zh-CN": "模型输出" }, method: output };
}

/** Whether the values come from all sets of inputs, which costs rows × background × 2^inputs. */
export function isOverAllSets({ output }: Pick<ShapleyInput, "output">, { model }: Pick<Roles, "model">): boolean {
  const link = model?.about.link ?? null;
  return output === "probability" && (link === "softmax" || link === "logistic-share");
}
