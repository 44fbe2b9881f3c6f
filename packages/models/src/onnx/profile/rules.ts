import { elementwiseRules } from "./elementwise.ts";
import type { Rule, Rules } from "./known.ts";
import { productRules } from "./products.ts";
import { quantizationRules } from "./quantization.ts";
import { reductionRules } from "./reductions.ts";
import { shapeRules } from "./shapes.ts";
import { tabularRules } from "./tabular.ts";

const ofDomain: ReadonlyMap<string, Rules> = new Map<string, Rules>([
  ["", { ...elementwiseRules, ...productRules, ...quantizationRules, ...reductionRules, ...shapeRules }],
  ["ai.onnx.ml", tabularRules],
]);

/** How the cost of an operator is counted; null for one that is not known. */
export function ruleOf(domain: string, operator: string): Rule | null {
  const rules = ofDomain.get(domain);
  return rules !== undefined && Object.hasOwn(rules, operator) ? (rules[operator] ?? null) : null;
}
