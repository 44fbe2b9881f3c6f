import { defineAudit, type GivenMetric } from "../../define.ts";
import { concludeSubgroups, type SubgroupsConclusion } from "./conclude.ts";
import { findingsOf } from "./judge.ts";
import { kindRequests, outcomeProblems } from "./kinds.ts";
import { references } from "./references.ts";
import { columnProblems, searchedColumns } from "./searched-columns.ts";
import { input } from "./settings.ts";
import { measureSubgroups, mergeSubgroups, planSubgroups, type SubgroupsSummary } from "./summary.ts";
import { en } from "./text.en.ts";
import { zhCN } from "./text.zh-cn.ts";

/** In which describable groups of people is the model worst: an exact search, confirmed on rows held out. */
export const subgroups = defineAudit<typeof input, SubgroupsSummary>({
  id: "fairness.subgroups",
  version: 2,
  input,
  needs: {
    columns: [
      ["decision", "prediction"],
      ["features", "protected"],
    ],
    uses: ["label", "control", "sensitive", "quasi_identifiers"],
  },
  problems: (settings, roles) => [...outcomeProblems(settings, roles), ...columnProblems(settings, roles)],
  requests: (settings, roles) => [
    ...kindRequests(settings, roles),
    ...searchedColumns(settings, roles).map((column) => column.request),
  ],
  gives: () =>
    ["slices-confirmed", "slices-found"].map((metric): GivenMetric => ({ metric, scope: "overall", by: [] })),
  plan: planSubgroups,
  measure: measureSubgroups,
  merge: mergeSubgroups,
  conclude: async (summary, context) => concludeSubgroups(summary, context),
  judge: (conclusion, context) => findingsOf((conclusion as SubgroupsConclusion).outcome, context),
  text: { en, "zh-CN": zhCN },
  references,
});
