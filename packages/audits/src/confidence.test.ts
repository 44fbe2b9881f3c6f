import { expect, test } from "vitest";
import { confidence } from "./confidence.ts";
import { associationsInput } from "./explainability/associations/settings.ts";
import { input as groupMetrics } from "./fairness/group-metrics/settings.ts";
import { input as impactRatio } from "./fairness/impact-ratio/settings.ts";
import { classificationInput } from "./impact/classification/settings.ts";

test("every audit takes the same levels: 0.8 to 0.999, 0.95 where none is given", () => {
  for (const settings of [associationsInput, classificationInput, groupMetrics, impactRatio]) {
    expect(settings.shape.confidence).toBe(confidence);
    expect(settings.parse({}).confidence).toBe(0.95);
    for (const level of [0.8, 0.999]) expect(settings.parse({ confidence: level }).confidence).toBe(level);
    for (const level of [0.79, 0.9991, 1]) expect(settings.safeParse({ confidence: level }).success).toBe(false);
  }
});
