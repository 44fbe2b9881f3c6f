import type { FigureOf, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { columnsText, groupText } from "../../groups/reading.ts";
import { listText, percentText } from "../../wording/index.ts";
import { chosenNames } from "./chosen.ts";
import { toldMetric } from "./estimates.ts";
import { type Front, type FrontPoint, isDominated } from "./front.ts";
import { gapOfConstraint, gaps } from "./gaps.ts";
import { Lookup } from "./lookup.ts";
import type { MitigationInput } from "./settings.ts";
import { constraintText, gapText, methodText, versionText } from "./words.ts";

/** Groups drawn at most: the first. Each is drawn before and after. */
const mostGroups = 20;
/** Groups named as left out at most. */
const mostNamed = 5;

/** The constraint's rates of every group, before and after, on held-out rows. */
export function gapFigures(
  measures: readonly Measure[],
  context: AuditContext<MitigationInput>,
): FigureOf<"intervals">[] {
  const { input, roles } = context;
  const by = chosenNames(input, roles);
  const lookup = new Lookup(measures);
  const gap = gaps.find((one) => one.metric === gapOfConstraint[input.constraint]);
  const known = lookup.groups().filter((group) => !Object.values(group).includes(null));
  const peopleOf = (group: Readonly<Record<string, string | null>>): number =>
    lookup.find({ metric: "count", group, split: "test", version: "after" })?.value ?? 0;
  const groups = known.filter((group) => peopleOf(group) >= input.min_count);
  const few = fewText(
    known.filter((group) => peopleOf(group) < input.min_count),
    input.min_count,
  );
  const level = percentText(input.confidence, 0);
  return (gap?.rates ?? []).map((name): FigureOf<"intervals"> => {
    const metric = toldMetric(name);
    const cut = groups.length > mostGroups;
    return {
      kind: "intervals",
      id: `${name}-before-after`,
      title: {
        en: `${metric.label.en} by ${columnsText(by)}, before and after`,
        "zh-CN": `按 ${columnsText(by)} 的${metric.label["zh-CN"]}：之前与之后`,
      },
      caption: {
        en: `${metric.label.en}: ${metric.meaning.en}. Held-out rows; lines are ${level} intervals.${cut ? ` The first ${mostGroups} of ${groups.length} groups are drawn.` : ""}${few.en}`,
        "zh-CN": `${metric.label["zh-CN"]}：${metric.meaning["zh-CN"]}。数据为留出的行；线段为 ${level} 区间。${cut ? `共 ${groups.length} 个组，画出前 ${mostGroups} 个。` : ""}${few["zh-CN"]}`,
      },
      unit: "percent",
      xTitle: metric.label,
      order: "given",
      rows: groups.slice(0, mostGroups).flatMap((group) =>
        (["before", "after"] as const).map((version) => {
          const about = { group, split: "test", version };
          const measure = lookup.find({ metric: name, ...about });
          return {
            label: withVersion(groupText(Object.values(group)), version),
            value: measure?.value ?? null,
            low: measure?.low ?? null,
            high: measure?.high ?? null,
            n: measure?.n ?? null,
            few: false,
          };
        }),
      ),
      reference: null,
    };
  });
}

/** Which groups have too few held-out rows to be drawn; empty where none. */
function fewText(groups: readonly Readonly<Record<string, string | null>>[], least: number): LocalizedText {
  if (groups.length === 0) return { en: "", "zh-CN": "" };
  const names = groups.slice(0, mostNamed).map((group) => groupText(Object.values(group)));
  const more = groups.length - names.length;
  const list = {
    en: listText([...names.map((name) => name.en), ...(more > 0 ? [`${more} more`] : [])]).en,
    "zh-CN": `${listText(names.map((name) => name["zh-CN"]))["zh-CN"]}${more > 0 ? `等 ${groups.length} 个组` : ""}`,
  };
  return {
    en: ` Not drawn, with fewer than ${least} held-out rows: ${list.en}.`,
    "zh-CN": `留出的行少于 ${least} 的组未画出：${list["zh-CN"]}。`,
  };
}

function withVersion(name: LocalizedText, version: "after" | "before"): LocalizedText {
  return {
    en: `${name.en}, ${versionText[version].en}`,
    "zh-CN": `${name["zh-CN"]}，${versionText[version]["zh-CN"]}`,
  };
}

/** What each tolerance costs: gap against objective on held-out rows, the chosen point named, dominated ones apart. */
export function frontFigure(
  { points: all, before, unconstrained }: Front,
  { input }: AuditContext<MitigationInput>,
): FigureOf<"curves">[] {
  const isKnown = (point: FrontPoint | null): point is FrontPoint =>
    point !== null && point.gap.value !== null && point.worth.value !== null;
  const points = all.filter(isKnown);
  if (points.length === 0) return [];
  const metric = toldMetric(input.objective);
  const gap = gapText[gapOfConstraint[input.constraint]];
  const method = methodText[input.method];
  const place = ({ gap: x, worth: y }: FrontPoint): [number, number, number, number] => [
    (x.value ?? 0) * 100,
    (y.value ?? 0) * 100,
    (y.low ?? y.value ?? 0) * 100,
    (y.high ?? y.value ?? 0) * 100,
  ];
  const series = (label: LocalizedText, mark: "dot" | "line" | "point", some: readonly FrontPoint[]) =>
    some.length === 0 ? [] : [{ label, mark, points: some.map(place).sort((a, b) => a[0] - b[0]) }];
  // Without their intervals: what is not on the front must not hide it.
  const apart = (label: LocalizedText, some: readonly FrontPoint[]) =>
    series(label, "point", some).map((one) => ({
      ...one,
      points: one.points.map(([x, y]): [number, number] => [x, y]),
    }));
  const best = points.filter((point) => !isDominated(point, points));
  const dominated = points.filter((point) => isDominated(point, points));
  const chosen = points.filter((point) => point.tolerance === input.tolerance);
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
        en: `Each point is one tolerance of the constraint (${constraintText[input.constraint].en}), learned by ${method.en} and measured on held-out rows. The line joins those that no other beats; dominated ones are as bad as another in both and worse in one. Bands and bars are ${level} intervals of the height, of each rule as it was learned; those of the gap are in the table.`,
        "zh-CN": `每个点对应约束（${constraintText[input.constraint]["zh-CN"]}）的一个容许差距，由${method["zh-CN"]}学得，在留出的行上测得。折线连接未被其他点胜过的点；“被支配”的点在两项上都不优于另一点，且至少一项更差。色带与竖线为纵轴数值的 ${level} 区间，针对学得的规则本身；差距的区间见表。`,
      },
      xTitle: { en: `${gap.en}, points`, "zh-CN": `${gap["zh-CN"]}（百分点）` },
      yTitle: { en: `${metric.label.en}, %`, "zh-CN": `${metric.label["zh-CN"]}（%）` },
      diagonal: false,
      names: "direct",
      series: [
        ...series({ en: "front", "zh-CN": "前沿" }, best.length > 1 ? "line" : "dot", best),
        ...apart({ en: "dominated", "zh-CN": "被支配" }, dominated),
        ...series({ en: "this plan", "zh-CN": "本计划" }, "dot", chosen),
        ...series(versionText.before, "dot", [before].filter(isKnown)),
        ...series(versionText.unconstrained, "dot", [unconstrained].filter(isKnown)),
      ],
    },
  ];
}
