import type { FeedbackCell, LocalizedText, Measure, Table, TableCell } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { groupText, plainText, slugsOf } from "../../groups/reading.ts";
import { shareText } from "../../wording/index.ts";
import { hiddenCounts, type Reports, reportsBy } from "./reports.ts";
import type { Input } from "./settings.ts";

/** Decisions told one by one at most: those with the most reports. */
const mostDecisions = 100;

export function tablesOf(
  measures: readonly Measure[],
  cells: readonly FeedbackCell[],
  context: AuditContext<Input>,
): Table[] {
  return [
    ...context.roles.protected.map(({ name }) => groupTable(name, measures, context)),
    decisionTable(cells, context.input),
  ];
}

function groupTable(name: string, measures: readonly Measure[], { input, roles }: AuditContext<Input>): Table {
  const column = plainText(name);
  const level = shareText(input.confidence);
  const find = (metric: string, value: string | null): Measure | undefined =>
    measures.find(
      (one) =>
        one.metric === metric && one.group !== undefined && Object.hasOwn(one.group, name) && one.group[name] === value,
    );
  const values = measures.flatMap((one) =>
    one.metric === "feedback-count" && one.group !== undefined && Object.hasOwn(one.group, name)
      ? [one.group[name] ?? null]
      : [],
  );
  return {
    id: `feedback-by-${slugsOf(roles).get(JSON.stringify([name])) ?? "group"}`,
    title: { en: `Reports by ${column}`, "zh-CN": `按 ${column} 的反馈` },
    caption: {
      en: `Reports by what their senders said of themselves, per 1,000 decisions of the group in the data with an exact ${level} interval, and the share of decided reports that were found right with its ${level} interval.${input.min_reports > 0 ? ` Counts of fewer than ${input.min_reports} reports are not printed, nor one that would tell such a count.` : ""}`,
      "zh-CN": `按反馈者自述所属组统计；每 1,000 项决定的反馈数以数据中该组的决定数为基数，附精确的 ${level} 区间；并给出已处理反馈中被认定成立的比例及其 ${level} 区间。${input.min_reports > 0 ? `少于 ${input.min_reports} 条的计数不予列出，可据以推出此类计数的也不列出。` : ""}`,
    },
    columns: [
      { title: { en: "Group", "zh-CN": "组" }, format: "text" },
      { title: { en: "Decisions", "zh-CN": "决定数" }, format: "count" },
      { title: { en: "Reports", "zh-CN": "反馈数" }, format: "count" },
      { title: { en: "Per 1,000 decisions", "zh-CN": "每 1,000 项决定" }, format: "number" },
      { title: { en: "Found right", "zh-CN": "认定成立" }, format: "percent" },
    ],
    rows: values.map((value) => {
      const rows = find("count", value)?.value ?? null;
      const label: LocalizedText = value === null ? { en: "not told", "zh-CN": "未说明" } : groupText([value]);
      return {
        few: rows !== null && rows < input.min_count,
        cells: [
          label,
          rows,
          find("feedback-count", value)?.value ?? null,
          cellOf(find("feedback-rate", value)),
          cellOf(find("feedback-upheld-share", value)),
        ],
      };
    }),
  };
}

/** What reports are about, and what became of them. */
function decisionTable(cells: readonly FeedbackCell[], input: Input): Table {
  const all = [...reportsBy(cells, ({ decision }) => decision)].sort(
    ([a, { count: of }], [b, { count: other }]) => other - of || ((a ?? "\uffff") < (b ?? "\uffff") ? -1 : 1),
  );
  const hidden = hiddenCounts(new Map(all.map(([decision, { count }]) => [decision, count])), input.min_reports);
  const count = (reports: Reports, isHidden: boolean): TableCell[] => {
    if (isHidden) return [null, null, null, null];
    const ends = [reports.open, reports.upheld, reports.dismissed];
    const few = hiddenCounts(new Map(ends.map((end, place) => [String(place), end])), input.min_reports);
    return [reports.count, ...ends.map((end, place) => (few.has(String(place)) ? null : end))];
  };
  return {
    id: "feedback-by-decision",
    title: { en: "What reports are about, and what became of them", "zh-CN": "反馈涉及的决定及处理结果" },
    caption: {
      en: `Reports by the decision that was chosen in the form. Withdrawn ones and spam are not counted.${input.min_reports > 0 ? ` Lines and counts of fewer than ${input.min_reports} reports are left blank, as are those that would tell them.` : ""}`,
      "zh-CN": `按表单中所选的决定统计，不含已撤回和垃圾内容。${input.min_reports > 0 ? `少于 ${input.min_reports} 条的行与计数留空，可据以推出它们的也留空。` : ""}`,
    },
    columns: [
      { title: { en: "Decision", "zh-CN": "决定" }, format: "text" },
      { title: { en: "Reports", "zh-CN": "反馈数" }, format: "count" },
      { title: { en: "Not decided yet", "zh-CN": "尚未处理" }, format: "count" },
      { title: { en: "Found right", "zh-CN": "认定成立" }, format: "count" },
      { title: { en: "Found not right", "zh-CN": "未认定" }, format: "count" },
    ],
    rows: all.slice(0, mostDecisions).map(([decision, reports]) => ({
      few: false,
      cells: [
        decision === null ? { en: "not told", "zh-CN": "未说明" } : plainText(decision),
        ...count(reports, hidden.has(decision)),
      ],
    })),
  };
}

function cellOf(measure: Measure | undefined): TableCell {
  if (measure?.value == null) return null;
  return { value: measure.value, low: measure.low ?? null, high: measure.high ?? null };
}
