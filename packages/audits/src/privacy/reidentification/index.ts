import { defineAudit } from "../../define.ts";
import { classesOfTable } from "./classes.ts";
import { conclude } from "./conclude.ts";
import { judge } from "./judge.ts";
import { mergeClasses } from "./merge.ts";
import { references } from "./references.ts";
import { input } from "./settings.ts";
import { en } from "./text.en.ts";
import { zhCN } from "./text.zh-cn.ts";

const overall = [
  "k-anonymity",
  "equivalence-classes",
  "unique-rows",
  "unique-share",
  "rows-below-k",
  "share-below-k",
  "prosecutor-risk",
  "average-prosecutor-risk",
] as const;

/** One measure per sensitive column each. */
const perSensitive = [
  "l-diversity",
  "entropy-l-diversity",
  "recursive-diversity",
  "t-closeness",
  "t-closeness-ordered",
  "beta-likeness",
  "share-below-l",
  "homogeneous-rows",
] as const;

/** Who can be found by the quasi-identifiers, and what their group gives away of the sensitive columns. */
export const reidentification = defineAudit({
  id: "privacy.reidentification",
  version: 1,
  input,
  needs: { columns: ["quasi_identifiers"], uses: ["sensitive"] },
  requests: (_, roles) => [...roles.quasiIdentifiers, ...roles.sensitive].map((role) => role.request),
  gives: (_, roles) =>
    [...overall, ...(roles.sensitive.length > 0 ? perSensitive : [])].map((metric) => ({
      metric,
      scope: "overall",
      by: [],
    })),
  measure: (rows, _, { roles, device }) => classesOfTable(device, rows, roles),
  merge: mergeClasses,
  conclude,
  judge,
  text: { en, "zh-CN": zhCN },
  references,
});
