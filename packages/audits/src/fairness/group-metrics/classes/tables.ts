import type { Measure, Table } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { columnsText, plainText, Reading, slugsOf } from "../../../groups/reading.ts";
import { percentText } from "../../../wording/index.ts";
import { scoreTable } from "../binary/tables.ts";
import { disparityTable, groupTable, type Told } from "../group-tables.ts";
import type { Input } from "../settings.ts";
import { accuracy, labelOf, probabilitiesFor, ratesFor, tableMetrics } from "./given.ts";
import { mostRated } from "./limits.ts";

/** Classes with columns of their own in a table of groups; of more, the maps and the measures tell. */
const mostColumns = 6;

export function classTablesOf(
  measures: readonly Measure[],
  names: readonly string[],
  falseDiscovery: ReadonlyMap<number, number>,
  context: AuditContext<Input>,
): Table[] {
  const reading = new Reading(measures);
  const { roles, input } = context;
  const slugs = slugsOf(roles);
  const whole: Told[] = roles.labelText === null ? [] : [accuracy, ...tableMetrics(roles)];
  const rated = names.length > mostRated ? [] : names;
  const ofClasses = ratesFor(roles).flatMap((metric) =>
    rated.map((name): Told => ({ name: metric.name, label: labelOf(metric, plainText(name)), class: name })),
  );
  const selection = names.length > mostColumns ? [] : ofClasses.filter(({ name }) => name === "selection-rate");
  const columns = [
    ...whole.map((metric) => ({
      ...metric,
      format: metric.name === "mcc" || metric.name === "cohen-kappa" ? ("number" as const) : ("percent" as const),
    })),
    ...probabilitiesFor(roles).map(({ name, label }) => ({
      name,
      label,
      format: name === "expected-calibration-error" ? ("percent" as const) : ("number" as const),
    })),
    ...selection.map((metric) => ({ ...metric, format: "percent" as const })),
  ];
  const level = percentText(input.confidence, 0);
  const head = {
    id: "disparities",
    title: { en: "Disparities and their tests", "zh-CN": "组间差距及其检验" },
    caption: {
      en: `Greatest less least over groups, with a simultaneous ${level} interval; corrected: less what chance alone is expected to add. p is from permutation tests. Demographic parity and equalized odds take the greatest gap over classes. Holm bounds the chance of any false claim over all tests of this audit, Benjamini–Hochberg the share of false claims.`,
      "zh-CN": `各组最大值减最小值，附 ${level} 同时区间；校正值已扣除随机波动预期带来的部分。p 来自置换检验。人口统计均等与均等几率取各类别中的最大差距。Holm 控制本次审计全部检验中出现任一误报的概率，Benjamini–Hochberg 控制误报所占比例。`,
    },
  };
  const over: Told[] = [
    {
      name: "demographic-parity",
      label: { en: "Demographic parity, over classes", "zh-CN": "人口统计均等（各类别）" },
    },
    ...(roles.labelText === null
      ? []
      : [{ name: "equalized-odds", label: { en: "Equalized odds, over classes", "zh-CN": "均等几率（各类别）" } }]),
  ];
  return [
    ...roles.groupings.map((by) => {
      const text = columnsText(by);
      const title = { en: `Predicted classes and errors by ${text}`, "zh-CN": `按 ${text} 的预测类别与差错` };
      return groupTable(
        reading,
        by,
        { id: `groups-by-${slugs.get(JSON.stringify(by)) ?? "group"}`, title },
        columns,
        context,
      );
    }),
    disparityTable(reading, head, "points", [...whole, ...over, ...ofClasses], falseDiscovery, context),
    ...(probabilitiesFor(roles).length > 0
      ? [scoreTable(reading, probabilitiesFor(roles), falseDiscovery, context)]
      : []),
  ];
}
