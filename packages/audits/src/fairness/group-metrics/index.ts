import type { ColumnRequest } from "@assay/dataset";
import { probabilityRequests } from "../../class-probabilities.ts";
import { type AuditDefinition, defineAudit, type GivenMetric } from "../../define.ts";
import type { Roles } from "../../roles.ts";
import { givenOfDecisions } from "./binary/given.ts";
import { givenOfClasses } from "./classes/given.ts";
import { conclude } from "./conclude.ts";
import { judge } from "./judge.ts";
import { givenOfLists } from "./lists/given.ts";
import { outputProblems, outputsOf, valueRequests } from "./outputs.ts";
import { references } from "./references.ts";
import { type Input, input } from "./settings.ts";
import { type GroupMetricsSummary, measureOutputs, mergeOutputs } from "./summary.ts";
import { en } from "./text.en.ts";
import { zhCN } from "./text.zh-cn.ts";
import { givenValues } from "./values/given.ts";

/** How decisions, predicted classes, predicted numbers and places in ranked lists fall on groups of people. */
export const groupMetrics: AuditDefinition = defineAudit<typeof input, GroupMetricsSummary>({
  id: "fairness.group-metrics",
  version: 5,
  input,
  needs: {
    columns: [["decision", "prediction", "score"], "protected"],
    uses: ["control", "label", "query", "score", "weight"],
  },
  problems: outputProblems,
  requests: requestsOf,
  gives: givenOf,
  measure: (rows, _, context) => measureOutputs(rows, context),
  merge: mergeOutputs,
  conclude,
  judge,
  text: { en, "zh-CN": zhCN },
  references,
});

function requestsOf(settings: Input, roles: Roles): ColumnRequest[] {
  const { decided, lists } = outputsOf(settings, roles);
  const { prediction, label } = valueRequests(roles);
  const asked: (ColumnRequest | null)[] = [
    ...(decided === "binary" ? [roles.decision, roles.label, roles.label && roles.score] : []),
    ...(decided === "classes" ? [roles.prediction, roles.labelText, ...probabilityRequests(roles)] : []),
    ...(decided === "values" ? [prediction, label] : []),
    ...(lists ? [roles.score, roles.query, roles.relevance] : []),
    roles.weight,
    ...[...roles.protected, ...roles.control].map((role) => role.request),
  ];
  return asked.filter((request) => request !== null);
}

function givenOf(settings: Input, roles: Roles): GivenMetric[] {
  const { decided, lists } = outputsOf(settings, roles);
  return [
    ...(decided === "binary" ? givenOfDecisions(roles) : []),
    ...(decided === "classes" ? givenOfClasses(roles) : []),
    ...(decided === "values" ? givenValues(roles) : []),
    ...(lists ? givenOfLists(roles) : []),
  ];
}
