import { candidateShare } from "./candidate-share.ts";
import { exposure } from "./exposure.ts";
import { exposurePerRelevance } from "./exposure-per-relevance.ts";
import { interGroupPairwiseAccuracy } from "./inter-group-pairwise-accuracy.ts";
import { intraGroupPairwiseAccuracy } from "./intra-group-pairwise-accuracy.ts";
import type { ListMetric } from "./list-metric.ts";
import { pairwiseAccuracy } from "./pairwise-accuracy.ts";
import { skewAtK } from "./skew-at-k.ts";
import { topKShare } from "./top-k-share.ts";

export { beutel, geyik, type ListCell, type ListMetric, type ListNumber, singh } from "./list-metric.ts";

/** Every metric of a group's places in ranked lists, alphabetical. */
export const listMetrics = [
  candidateShare,
  exposure,
  exposurePerRelevance,
  interGroupPairwiseAccuracy,
  intraGroupPairwiseAccuracy,
  pairwiseAccuracy,
  skewAtK,
  topKShare,
] as const satisfies readonly ListMetric[];
