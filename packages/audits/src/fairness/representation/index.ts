import type { SummaryValue } from "@assay/schema";
import { type AuditDefinition, defineAudit, type GivenMetric } from "../../define.ts";
import { conclude } from "./conclude.ts";
import { judge } from "./judge.ts";
import { advance, likeness, start } from "./progress.ts";
import { references } from "./references.ts";
import { input, populationOf, populationProblems } from "./settings.ts";
import { fieldsOf, measureRepresentation, mergeRepresentation, type RepresentationSummary } from "./summary.ts";
import { en } from "./text.en.ts";
import { zhCN } from "./text.zh-cn.ts";

/** The data set before any model: who is in it, whose labels are positive, whose values are missing, what stands in for a group. */
export const representation: AuditDefinition = defineAudit<typeof input, RepresentationSummary>({
  id: "fairness.representation",
  version: 2,
  input,
  needs: { columns: ["protected"], uses: ["features", "label", "weight"] },
  problems: populationProblems,
  requests: (_, roles) => [
    ...(roles.weight ? [roles.weight] : []),
    ...roles.protected.map((role) => role.request),
    ...fieldsOf(roles).map((field) => field.request),
    ...roles.features.map((feature) => feature.request),
  ],
  gives: (settings, roles): GivenMetric[] => {
    const single = roles.protected.map((role) => [role.name]);
    const compared = single.filter((by) => populationOf(settings, by) !== null);
    return [
      { metric: "count", scope: "group", by: roles.groupings },
      { metric: "representation-share", scope: "group", by: roles.groupings },
      ...(compared.length === 0
        ? []
        : [
            { metric: "representation-ratio", scope: "group" as const, by: compared },
            { metric: "representation-distance", scope: "disparity" as const, by: compared },
          ]),
      ...(roles.label
        ? [
            { metric: "base-rate", scope: "group" as const, by: roles.groupings },
            { metric: "base-rate-difference", scope: "disparity" as const, by: roles.groupings },
            { metric: "base-rate-ratio", scope: "disparity" as const, by: roles.groupings },
          ]
        : []),
      ...(roles.label && likeness(roles).length > 0
        ? [
            { metric: "label-agreement", scope: "overall" as const, by: [] },
            { metric: "label-agreement", scope: "group" as const, by: roles.groupings },
            { metric: "label-agreement-difference", scope: "disparity" as const, by: roles.groupings },
            { metric: "label-conflict-rate", scope: "overall" as const, by: [] },
            { metric: "label-conflict-rate", scope: "group" as const, by: roles.groupings },
          ]
        : []),
      ...(fieldsOf(roles).length === 0
        ? []
        : [{ metric: "missing-share-difference", scope: "disparity" as const, by: single }]),
      ...(roles.features.length === 0 ? [] : [{ metric: "proxy-strength", scope: "disparity" as const, by: single }]),
    ];
  },
  plan: (shards, { input: settings, roles }, previous) => {
    let progress = start;
    if (previous) {
      const { counted, progress: before, part } = previous.summary;
      if (counted === null) return null;
      progress = advance(before, part, counted.cells, settings, roles);
    }
    if (progress.stage === "done") return null;
    if (progress.stage === "labels") return [{ start: 0, end: shards.rows, detail: progress satisfies SummaryValue }];
    return shards.ranges.map((range) => ({ ...range, detail: progress satisfies SummaryValue }));
  },
  measure: measureRepresentation,
  merge: mergeRepresentation,
  conclude,
  judge,
  text: { en, "zh-CN": zhCN },
  references,
});
