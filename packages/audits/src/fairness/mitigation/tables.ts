import type { Measure, Table, TableCell } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { groupText, plainText } from "../../groups/reading.ts";
import { percentText } from "../../wording/index.ts";
import { chosenNames } from "./chosen.ts";
import { type Told, toldMetric } from "./estimates.ts";
import { type Front, type FrontPoint, isDominated } from "./front.ts";
import { gapOfConstraint, gaps } from "./gaps.ts";
import { Lookup } from "./lookup.ts";
import type { Version } from "./outcomes.ts";
import type { MitigationInput } from "./settings.ts";
import { gapText, versionText } from "./words.ts";

const mostRows = 200;
const shown = [
  "selection-rate",
  "true-positive-rate",
  "false-positive-rate",
  "accuracy",
] as const satisfies readonly Told[];

function cellOf(measure: Measure | null): TableCell {
  if (!measure || measure.value === null) return null;
  if (measure.low === undefined || measure.high === undefined) return measure.value;
  return { value: measure.value, low: measure.low, high: measure.high };
}

/** Rates of every group on held-out rows, a row for each version. */
export function groupTable(measures: readonly Measure[], { input, roles }: AuditContext<MitigationInput>): Table {
  const lookup = new Lookup(measures);
  const by = chosenNames(input, roles);
  const groups = lookup.groups();
  const level = percentText(input.confidence, 0);
  const cut = groups.length > mostRows;
  const versions = lookup.versions();
  const row = (group: Readonly<Record<string, string | null>> | null, version: Version) => {
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
        versionText[version],
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
    rows: [...groups.slice(0, mostRows), null].flatMap((group) => versions.map((version) => row(group, version))),
  };
}

/** Every gap: where the rules were learned, and on held-out rows, with the paired change. */
export function gapTable(measures: readonly Measure[], { input, roles }: AuditContext<MitigationInput>): Table {
  const lookup = new Lookup(measures);
  const by = [...chosenNames(input, roles)];
  const level = percentText(input.confidence, 0);
  const free = lookup.versions().includes("unconstrained");
  return {
    id: "gaps",
    title: { en: "Gaps between groups, before and after", "zh-CN": "组间差距：之前与之后" },
    caption: {
      en: `Greatest less least over groups of enough rows. On held-out rows with simultaneous ${level} intervals; the change is that of the held-out rows, its interval is recovered from those of the two gaps, and p is that of no change by the same interval.`,
      "zh-CN": `行数足够的各组之间最大值减最小值。留出的行附 ${level} 同时区间；变化量取自留出的同一批行，其区间由两个差距的区间推得，p 由同一区间得出，对应“没有变化”。`,
    },
    columns: [
      { title: { en: "Gap", "zh-CN": "差距" }, format: "text" },
      { title: { en: "Learned from, before", "zh-CN": "学习所用的行，之前" }, format: "points" },
      { title: { en: "Learned from, after", "zh-CN": "学习所用的行，之后" }, format: "points" },
      { title: { en: "Held out, before", "zh-CN": "留出的行，之前" }, format: "points" },
      ...(free
        ? [
            {
              title: { en: "Held out, without the constraint", "zh-CN": "留出的行，不加约束" },
              format: "points" as const,
            },
          ]
        : []),
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
          ...(free ? [at("test", "unconstrained")] : []),
          at("test", "after"),
          cellOf(change),
          change?.p ?? null,
        ],
      };
    }),
  };
}

export function frontTable(
  { points, before, unconstrained }: Front,
  { input }: AuditContext<MitigationInput>,
): Table[] {
  if (points.length === 0) return [];
  const row = (tolerance: number | null, { gap, worth }: FrontPoint, note: TableCell) => ({
    few: false,
    cells: [tolerance, cellOf(gap), cellOf(worth), note],
  });
  return [
    {
      id: "front-points",
      title: { en: "The front, point by point", "zh-CN": "前沿各点" },
      caption: {
        en: "The tolerance asked for, and what its rule gives on held-out rows. Intervals are of each rule as it was learned: narrower than those of the findings where rules are learned anew. Dominated: another tolerance is as good in both and better in one.",
        "zh-CN":
          "所要求的容许差距，以及相应规则在留出的行上的结果。区间针对学得的规则本身；在结论重新学习规则时，比结论中的区间窄。“被支配”：另一容许差距在两项上都不差，且至少一项更好。",
      },
      columns: [
        { title: { en: "Tolerance", "zh-CN": "容许差距" }, format: "points" },
        { title: gapText[gapOfConstraint[input.constraint]], format: "points" },
        { title: toldMetric(input.objective).label, format: "percent" },
        { title: { en: "What it is", "zh-CN": "说明" }, format: "text" },
      ],
      rows: [
        ...points.map((point) => row(point.tolerance, point, noteOf(point, points, input))),
        row(null, before, versionText.before),
        ...(unconstrained === null ? [] : [row(null, unconstrained, versionText.unconstrained)]),
      ],
    },
  ];
}

function noteOf(point: FrontPoint, points: readonly FrontPoint[], { tolerance }: MitigationInput): TableCell {
  const isChosen = point.tolerance === tolerance;
  if (!isDominated(point, points)) return isChosen ? { en: "this plan", "zh-CN": "本计划" } : null;
  return isChosen ? { en: "this plan, dominated", "zh-CN": "本计划，被支配" } : { en: "dominated", "zh-CN": "被支配" };
}
