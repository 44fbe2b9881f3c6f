import { type PairSubject, whyUnpaired } from "@assay/audits";
import type { RunDetail } from "@assay/db";
import { AssayError, type LocalizedText, readPlan } from "@assay/schema";
import { whyGone } from "../runs/why-gone.ts";

/** Why two completed runs cannot be compared row by row, as far as that can be told at once; null where nothing is known. */
export function whyRunsUnpaired(from: RunDetail, to: RunDetail): LocalizedText | null {
  if (from.id === to.id) {
    return {
      en: `run ${from.number} is on both sides`,
      "zh-CN": `两边都是运行 ${from.number}`,
    };
  }
  const [a, b] = [subjectOf(from), subjectOf(to)];
  if ("en" in a) return a;
  return "en" in b ? b : whyUnpaired(a, b);
}

/** What pairing asks of a run; a text where the server does not have what was audited. */
function subjectOf(run: RunDetail): LocalizedText | PairSubject {
  const { number, origin, dataset, planYaml } = run;
  const gone = whyGone(run);
  if (gone !== null && origin === "pushed") {
    return {
      en: `${gone.en}; with the data at hand, \`assay compare\` of the two plans pairs them`,
      "zh-CN": `${gone["zh-CN"]}；若数据在手，可用 \`assay compare\` 比较两份计划以逐行配对`,
    };
  }
  if (gone !== null) return gone;
  const plan = readPlan(planYaml, `plan of run ${number}`);
  if (plan.columns.decision === undefined && plan.model === undefined) {
    return {
      en: `the plan of run ${number} gives no decision: rows are compared by their decisions`,
      "zh-CN": `运行 ${number} 的计划没有给出决定：逐行比较的是各行的决定`,
    };
  }
  if (dataset === null) throw new AssayError("internal", `run ${number}: its data are gone and nobody said so`);
  return { plan, data: dataset.digest };
}
