import type { Measure, Table } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { columnsText, Reading, slugsOf } from "../../../groups/reading.ts";
import { percentText } from "../../../wording/index.ts";
import { disparityTable, groupTable } from "../group-tables.ts";
import type { Input } from "../settings.ts";
import { valuesFor } from "./given.ts";

export function valueTables(
  measures: readonly Measure[],
  falseDiscovery: ReadonlyMap<number, number>,
  context: AuditContext<Input>,
): Table[] {
  const reading = new Reading(measures);
  const { roles, input } = context;
  const slugs = slugsOf(roles);
  const metrics = valuesFor(roles);
  const columns = metrics.map(({ name, label }) => ({ name, label, format: "number" as const }));
  const level = percentText(input.confidence, 0);
  const head = {
    id: "disparities",
    title: { en: "Disparities and their tests", "zh-CN": "组间差距及其检验" },
    caption: {
      en: `Greatest less least over groups, each in its metric's own unit, with a simultaneous ${level} interval; corrected: less what chance alone is expected to add. p is from Welch's test of equal values, which is asymptotic. Holm bounds the chance of any false claim over all tests of this audit, Benjamini–Hochberg the share of false claims.`,
      "zh-CN": `各组最大值减最小值，均采用指标自身的单位，附 ${level} 同时区间；校正值已扣除随机波动预期带来的部分。p 来自各组相等的 Welch 检验，属渐近检验。Holm 控制本次审计全部检验中出现任一误报的概率，Benjamini–Hochberg 控制误报所占比例。`,
    },
  };
  return [
    ...roles.groupings.map((by) => {
      const text = columnsText(by);
      const title = { en: `Predictions and errors by ${text}`, "zh-CN": `按 ${text} 的预测与误差` };
      return groupTable(
        reading,
        by,
        { id: `groups-by-${slugs.get(JSON.stringify(by)) ?? "group"}`, title },
        columns,
        context,
      );
    }),
    disparityTable(reading, head, "number", metrics, falseDiscovery, context),
  ];
}
