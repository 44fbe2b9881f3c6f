import type { Measure, Table, TableCell } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { groupText, plainText } from "../../groups/reading.ts";
import { percentText } from "../../wording/index.ts";
import { chosenNames } from "./chosen.ts";
import { type Told, toldMetric } from "./estimates.ts";
import type { FrontPoint } from "./front.ts";
import { gapOfConstraint, gaps } from "./gaps.ts";
import { Lookup } from "./lookup.ts";
import type { MitigationInput } from "./settings.ts";
import { gapText } from "./words.ts";

const mostRows = 200;
const shown = [
  "selection-rate",
  "true-positive-rate",
  "false-positive-rate",
  "accuracy",
] as const satisfies readonly Told[];
const before = { en: "before", "zh-CN": "之前" };
const after = { en: "after", "zh-CN": "之后" };

function cellOf(measure: Measure | null): TableCell {
  if (!measure || measure.value === null) return null;
  if (measure.low === undefined || measure.high === undefined) return measure.value;
  return { value: measure.value, low: measure.low, high: measure.high };
}

/** Rates of every group on held-out rows, before and after in one row each. */
export function groupTable(measures: readonly Measure[], { input, roles }: AuditContext<MitigationInput>): Table {
  const lookup = new Lookup(measures);
  const by = chosenNames(input, roles);
  const groups = lookup.groups();
  const level = percentText(input.confidence, 0);
  const cut = groups.length > mostRows;
  const row = (group: Readonly<Record<string, string | null>> | null, version: "after" | "before") => {
    const about = { ...(group ? { group } : {}), split: "test", version };
    const people = lookup.find({ metric: "count", ...about })?.value ?? 0;
    return {
      few: group !== null && people < input.min_count,
      cells: [
        ...by.map((name, index): TableCell => {
          if (group === null) return index === 0 ? { en: "All rows", "zh-CN": "全部行" } : null;
          const value = group[name] ?? null;
          return value === null ? groupText([null]) : value;
        }),
        version === "before" ? before : after,
        people,
        ...shown.map((metric) => cellOf(lookup.find({ metric, ...about }))),
      ],
    };
  };
  return {
    id: "groups",
    title: { en: "Every group, before and after", "zh-CN": "各组之前与之后" },
    caption: {
      en: `Held-out rows; each rate with its ${level} interval.${cut ? ` ${mostRows} of ${groups.length} groups are listed.` : ""}`,
      "zh-CN": `留出的行；各项比率附 ${level} 区间。${cut ? `共 ${groups.length} 个组，列出 ${mostRows} 个。` : ""}`,
    },
    columns: [
      ...by.map((name) => ({ title: { en: plainText(name), "zh-CN": plainText(name) }, format: "text" as const })),
      { title: { en: "Version", "zh-CN": "版本" }, format: "text" },
      { title: toldMetric("count").label, format: "count" },
      ...shown.map((name) => ({ title: toldMetric(name).label, format: "percent" as const })),
    ],
    rows: [...groups.slice(0, mostRows), null].flatMap((group) => [row(group, "before"), row(group, "after")]),
  };
}

/** Every gap: where the rules were learned, and on held-out rows, with the paired change. */
export function gapTable(measures: readonly Measure[], { input, roles }: AuditContext<MitigationInput>): Table {
  const lookup = new Lookup(measures);
  const by = [...chosenNames(input, roles)];
  const level = percentText(input.confidence, 0);
  return {
    id: "gaps",
    title: { en: "Gaps between groups, before and after", "zh-CN": "组间差距：之前与之后" },
    caption: {
      en: `Greatest less least over groups of enough rows. On held-out rows with simultaneous ${level} intervals; the change is of the same rows, and p is that of no change.`,
      "zh-CN": `行数足够的各组之间最大值减最小值。留出的行附 ${level} 同时区间；变化量取自同一批行，p 对应“没有变化”。`,
    },
    columns: [
      { title: { en: "Gap", "zh-CN": "差距" }, format: "text" },
      { title: { en: "Learned from, before", "zh-CN": "学习所用的行，之前" }, format: "points" },
      { title: { en: "Learned from, after", "zh-CN": "学习所用的行，之后" }, format: "points" },
      { title: { en: "Held out, before", "zh-CN": "留出的行，之前" }, format: "points" },
      { title: { en: "Held out, after", "zh-CN": "留出的行，之后" }, format: "points" },
      { title: { en: "Change", "zh-CN": "变化" }, format: "points" },
      { title: { en: "p", "zh-CN": "p" }, format: "p" },
    ],
    rows: gaps.map(({ metric }) => {
      const at = (split: string, version: string): TableCell => cellOf(lookup.find({ metric, by, split, version }));
      const change = lookup.find({ metric: `${metric}-change`, by });
      return {
        few: false,
        cells: [
          gapText[metric],
          at("train", "before"),
          at("train", "after"),
          at("test", "before"),
          at("test", "after"),
          cellOf(change),
          change?.p ?? null,
        ],
      };
    }),
  };
}

export function frontTable(front: readonly FrontPoint[], { input }: AuditContext<MitigationInput>): Table[] {
  if (front.length === 0) return [];
  return [
    {
      id: "front-points",
      title: { en: "The front, point by point", "zh-CN": "前沿各点" },
      caption: {
        en: "The tolerance asked for, and what its rule gives on held-out rows. Intervals are of each rule as it was learned.",
        "zh-CN": "所要求的容许差距，以及相应规则在留出的行上的结果。区间针对学得的规则本身。",
      },
      columns: [
        { title: { en: "Tolerance", "zh-CN": "容许差距" }, format: "points" },
        { title: gapText[gapOfConstraint[input.constraint]], format: "points" },
        { title: toldMetric(input.objective).label, format: "percent" },
        { title: { en: "This plan", "zh-CN": "本计划" }, format: "text" },
      ],
      rows: front.map(({ tolerance, gap, worth }) => ({
        few: false,
        cells: [
          tolerance,
          cellOf(gap),
          cellOf(worth),
          tolerance === input.tolerance ? { en: "chosen", "zh-CN": "已选" } : null,
        ],
      })),
    },
  ];
}
