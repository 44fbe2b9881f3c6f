import type { FigureOf, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { columnsText, groupText } from "../../groups/reading.ts";
import { percentText } from "../../wording/index.ts";
import { chosenNames } from "./chosen.ts";
import { toldMetric } from "./estimates.ts";
import type { FrontPoint } from "./front.ts";
import { gapOfConstraint, gaps } from "./gaps.ts";
import { Lookup } from "./lookup.ts";
import type { MitigationInput } from "./settings.ts";
import { constraintText, gapText, methodText } from "./words.ts";

/** Groups drawn at most: the first. */
const mostRows = 40;

/** The constraint's rates of every group, before and after, on held-out rows. */
export function gapFigures(
  measures: readonly Measure[],
  context: AuditContext<MitigationInput>,
): FigureOf<"intervals">[] {
  const { input, roles } = context;
  const by = chosenNames(input, roles);
  const lookup = new Lookup(measures);
  const gap = gaps.find((one) => one.metric === gapOfConstraint[input.constraint]);
  const groups = lookup.groups().filter((group) => !Object.values(group).includes(null));
  const level = percentText(input.confidence, 0);
  return (gap?.rates ?? []).map((name): FigureOf<"intervals"> => {
    const metric = toldMetric(name);
    const cut = groups.length > mostRows;
    return {
      kind: "intervals",
      id: `${name}-before-after`,
      title: {
        en: `${metric.label.en} by ${columnsText(by)}, before and after`,
        "zh-CN": `按 ${columnsText(by)} 的${metric.label["zh-CN"]}：之前与之后`,
      },
      caption: {
        en: `${metric.label.en}: ${metric.meaning.en}. Held-out rows; lines are ${level} intervals.${cut ? ` The first ${mostRows} of ${groups.length} groups are drawn.` : ""}`,
        "zh-CN": `${metric.label["zh-CN"]}：${metric.meaning["zh-CN"]}。数据为留出的行；线段为 ${level} 区间。${cut ? `共 ${groups.length} 个组，画出前 ${mostRows} 个。` : ""}`,
      },
      unit: "percent",
      xTitle: metric.label,
      rows: groups.slice(0, mostRows).flatMap((group) =>
        (["before", "after"] as const).map((version) => {
          const about = { group, split: "test", version };
          const measure = lookup.find({ metric: name, ...about });
          const people = lookup.find({ metric: "count", ...about })?.value ?? 0;
          return {
            label: withVersion(groupText(Object.values(group)), version),
            value: measure?.value ?? null,
            low: measure?.low ?? null,
            high: measure?.high ?? null,
            n: measure?.n ?? null,
            few: people < input.min_count,
          };
        }),
      ),
      reference: null,
    };
  });
}

function withVersion(name: LocalizedText, version: "after" | "before"): LocalizedText {
  return version === "before"
    ? { en: `${name.en}, before`, "zh-CN": `${name["zh-CN"]}，之前` }
    : { en: `${name.en}, after`, "zh-CN": `${name["zh-CN"]}，之后` };
}

/** What each tolerance costs: gap against objective on held-out rows, the chosen point named. */
export function frontFigure(
  front: readonly FrontPoint[],
  before: FrontPoint | null,
  { input }: AuditContext<MitigationInput>,
): FigureOf<"curves">[] {
  const points = front.filter((point) => point.gap.value !== null && point.worth.value !== null);
  if (points.length === 0) return [];
  const metric = toldMetric(input.objective);
  const gap = gapText[gapOfConstraint[input.constraint]];
  const method = methodText[input.method];
  const chosen = points.filter((point) => point.tolerance === input.tolerance);
  const place = ({ gap: x, worth: y }: FrontPoint): [number, number, number, number] => [
    (x.value ?? 0) * 100,
    (y.value ?? 0) * 100,
    (y.low ?? y.value ?? 0) * 100,
    (y.high ?? y.value ?? 0) * 100,
  ];
  const dot = (label: LocalizedText, some: readonly FrontPoint[]) =>
    some.length === 0 ? [] : [{ label, mark: "dot" as const, points: some.map(place) }];
  const level = percentText(input.confidence, 0);
  return [
    {
      kind: "curves",
      id: "front",
      title: {
        en: `What a smaller gap costs in ${metric.label.en.toLowerCase()}`,
        "zh-CN": `差距缩小，${metric.label["zh-CN"]}付出多少`,
      },
      caption: {
        en: `Each point is one tolerance of the constraint (${constraintText[input.constraint].en}), learned by ${method.en} and measured on held-out rows. Bars are ${level} intervals of the height; those of the gap are in the table.`,
        "zh-CN": `每个点对应约束（${constraintText[input.constraint]["zh-CN"]}）的一个容许差距，由${method["zh-CN"]}学得，在留出的行上测得。竖线为纵轴数值的 ${level} 区间；差距的区间见表。`,
      },
      xTitle: { en: `${gap.en}, points`, "zh-CN": `${gap["zh-CN"]}（百分点）` },
      yTitle: { en: `${metric.label.en}, %`, "zh-CN": `${metric.label["zh-CN"]}（%）` },
      diagonal: false,
      series: [
        {
          label: { en: "front", "zh-CN": "前沿" },
          mark: "line",
          points: [...points].map(place).sort((a, b) => a[0] - b[0]),
        },
        ...dot({ en: "this plan's rule", "zh-CN": "本计划的规则" }, chosen),
        ...dot(
          { en: "before", "zh-CN": "之前" },
          before?.gap.value != null && before.worth.value !== null ? [before] : [],
        ),
      ],
    },
  ];
}
