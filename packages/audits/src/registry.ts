import type { AuditDefinition } from "./define.ts";
import { latency } from "./efficiency/latency/index.ts";
import { profile } from "./efficiency/profile/index.ts";
import { associations } from "./explainability/associations/index.ts";
import { integratedGradients } from "./explainability/integrated-gradients/index.ts";
import { permutationImportance } from "./explainability/permutation-importance/index.ts";
import { shapley } from "./explainability/shapley/index.ts";
import { calibration } from "./fairness/calibration/index.ts";
import { drift } from "./fairness/drift/index.ts";
import { feedback } from "./fairness/feedback/index.ts";
import { groupMetrics } from "./fairness/group-metrics/index.ts";
import { impactRatio } from "./fairness/impact-ratio/index.ts";
import { individual } from "./fairness/individual/index.ts";
import { mitigation } from "./fairness/mitigation/index.ts";
import { representation } from "./fairness/representation/index.ts";
import { subgroups } from "./fairness/subgroups/index.ts";
import { classification } from "./impact/classification/index.ts";
import { reidentification } from "./privacy/reidentification/index.ts";

/** Every audit, alphabetical. Forms, pages, CLI help and docs come from this list. */
export const registry = [
  latency,
  profile,
  associations,
  integratedGradients,
  permutationImportance,
  shapley,
  calibration,
  drift,
  feedback,
  groupMetrics,
  impactRatio,
  individual,
  mitigation,
  representation,
  subgroups,
  classification,
  reidentification,
] as const satisfies readonly AuditDefinition[];
