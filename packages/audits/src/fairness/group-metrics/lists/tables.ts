import type { Measure, Table } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { columnsText, Reading, slugsOf } from "../../../groups/reading.ts";
import { percentText } from "../../../wording/index.ts";
import { disparityTable, groupTable } from "../group-tables.ts";
import type { Input } from "../settings.ts";
import { listsFor } from "./given.ts";

export function listTables(
  measures: readonly Measure[],
  falseDiscovery: ReadonlyMap<number, number>,
  context: AuditContext<Input>,
): Table[] {
  const reading = new Reading(measures);
  const { roles, input } = context;
  const slugs = slugsOf(roles);
  const metrics = listsFor(roles);
  const columns = metrics.map(({ name, label, unit }) => ({ name, label, format: unit }));
  const level = percentText(input.confidence, 0);
  const head = {
    id: "place-disparities",
    title: { en: "Disparities of places and their tests", "zh-CN": "位次的组间差距及其检验" },
    caption: {
      en: `Greatest less least over groups, each in its metric's own unit, with a simultaneous ${level} interval over lists. p of exposure and of the first places: groups dealt anew over the places of each list (of lists too large for that, the mean and variance of all deals); of the others: Student's test of every pair over lists. Holm bounds the chance of any false claim over all tests of this audit.`,
      "zh-CN": `各组最大值减最小值，均采用指标自身的单位，附按列表计算的 ${level} 同时区间。曝光度与前列名额的 p：在每个列表内把各组重新分配到各位次（列表过大时采用全部分配的均值与方差）；其余指标：按列表对每两组作 Student 检验。Holm 控制本次审计全部检验中出现任一误报的概率。`,
    },
  };
  const told = metrics.filter(({ gaps }) => gaps.length > 0);
  return [
    ...roles.groupings.map((by) => {
      const text = columnsText(by);
      const title = { en: `Places in lists by ${text}`, "zh-CN": `按 ${text} 的列表位次` };
      return groupTable(
        reading,
        by,
        { id: `places-by-${slugs.get(JSON.stringify(by)) ?? "group"}`, title },
        columns,
        context,
      );
    }),
    disparityTable(reading, head, "number", told, falseDiscovery, context),
  ];
}
