import type { Finding, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { aloneText } from "../../../groups/gap-finding.ts";
import {
  columnsText,
  figureId,
  groupText,
  type Rate,
  type Reading,
  ratesOf,
  slugsOf,
} from "../../../groups/reading.ts";
import { countText, percentText, pText, significantText } from "../../../wording/index.ts";
import { rangeOfFew } from "../group-figures.ts";
import { judgeStrata } from "../judge-strata.ts";
import { leftOutGroups, leftOutRows, manyGroups, unknownGroups } from "../judge-who.ts";
import { outputsOf } from "../outputs.ts";
import type { Input } from "../settings.ts";
import { reasons } from "./conclude.ts";
import { listsFor, pooledLists } from "./given.ts";
import { fewestLists } from "./limits.ts";
import { strataReasons } from "./strata.ts";

/** How a gap of places is spoken of. */
interface PlaceClaim {
  readonly metric: string;
  readonly label: LocalizedText;
  readonly claim: (columns: string) => LocalizedText;
  readonly between: (most: Rate, least: Rate, input: Input) => LocalizedText;
  /** How wide a gap is: "a ratio of 0.71", "a gap of 12.3 points". */
  readonly size: (reading: Reading, by: readonly string[], gap: Measure) => LocalizedText;
  /** Whether a gap of this size is large. */
  readonly isLarge: (reading: Reading, by: readonly string[], gap: Measure) => boolean;
  readonly advice: LocalizedText;
}

const names = (rate: Rate): LocalizedText => groupText(rate.values);

function ratioSize(metric: string): PlaceClaim["size"] {
  return (reading, by) => {
    const ratio = reading.find({ metric: `${metric}-ratio`, by: [...by] });
    const isTold = ratio?.low !== undefined && ratio.high !== undefined && ratio.method !== rangeOfFew;
    const interval = isTold ? [significantText(ratio.low ?? 0), significantText(ratio.high ?? 1)] : null;
    const value = significantText(ratio?.value ?? 0);
    return {
      en: `a ratio of ${value}${interval ? ` (simultaneous interval ${interval[0]} to ${interval[1]})` : ""}`,
      "zh-CN": `比值为 ${value}${interval ? `（同时区间 ${interval[0]} 至 ${interval[1]}）` : ""}`,
    };
  };
}

/** Four fifths, as older US guidance has it of selection. */
const isFarFromOne =
  (metric: string): PlaceClaim["isLarge"] =>
  (reading, by) =>
    (reading.find({ metric: `${metric}-ratio`, by: [...by] })?.value ?? 1) < 0.8;

const placeClaims: readonly PlaceClaim[] = [
  {
    metric: "exposure",
    label: { en: "exposure", "zh-CN": "曝光度" },
    claim: (columns) => ({
      en: `Places draw different attention by ${columns}.`,
      "zh-CN": `位次带来的关注因 ${columns} 而异。`,
    }),
    between: (most, least) => ({
      en: `A row of ${names(most).en} has an exposure of ${significantText(most.value)} on average, a row of ${names(least).en} ${significantText(least.value)} (1 is the first place)`,
      "zh-CN": `${names(most)["zh-CN"]} 的一行平均曝光度为 ${significantText(most.value)}，${names(least)["zh-CN"]} 为 ${significantText(least.value)}（首位为 1）`,
    }),
    size: ratioSize("exposure"),
    isLarge: isFarFromOne("exposure"),
    advice: {
      en: "Places do not fall without regard to groups; see whether relevance accounts for it.",
      "zh-CN": "位次的分布并非与组无关；应查看相关性能否解释这一差异。",
    },
  },
  {
    metric: "skew-at-k",
    label: { en: "the share of the first places", "zh-CN": "前列名额占比" },
    claim: (columns) => ({
      en: `The first places do not mirror the candidates by ${columns}.`,
      "zh-CN": `按 ${columns}，前列名额与候选者的构成不一致。`,
    }),
    between: (most, least, input) => ({
      en: `In the first ${countText(input.top)} places ${names(most).en} has ${significantText(Math.exp(most.value))} times its share of the candidates, and ${names(least).en} ${significantText(Math.exp(least.value))} times`,
      "zh-CN": `在前 ${countText(input.top)} 名中，${names(most)["zh-CN"]} 的占比是其候选者占比的 ${significantText(Math.exp(most.value))} 倍，${names(least)["zh-CN"]} 为 ${significantText(Math.exp(least.value))} 倍`,
    }),
    size: (_, __, gap) => ({
      en: `a gap in skew of ${significantText(gap.value ?? 0)}`,
      "zh-CN": `偏斜相差 ${significantText(gap.value ?? 0)}`,
    }),
    isLarge: (_, __, gap) => (gap.value ?? 0) > -Math.log(0.8),
    advice: {
      en: "Look at what decides the first places, and at who is among the candidates at all.",
      "zh-CN": "应查看前列名额由什么决定，以及哪些人进入了候选者。",
    },
  },
  {
    metric: "exposure-per-relevance",
    label: { en: "exposure per relevance", "zh-CN": "单位相关性的曝光度" },
    claim: (columns) => ({
      en: `Relevance is rewarded differently by ${columns}.`,
      "zh-CN": `同样的相关性得到的关注因 ${columns} 而异。`,
    }),
    between: (most, least) => ({
      en: `For each unit of relevance ${names(most).en} draws ${significantText(most.value)} of exposure and ${names(least).en} ${significantText(least.value)}`,
      "zh-CN": `每一单位相关性，${names(most)["zh-CN"]} 得到 ${significantText(most.value)} 的曝光，${names(least)["zh-CN"]} 得到 ${significantText(least.value)}`,
    }),
    size: ratioSize("exposure-per-relevance"),
    isLarge: isFarFromOne("exposure-per-relevance"),
    advice: {
      en: "Attention that is not in proportion to relevance is disparate treatment of exposure in the sense of Singh and Joachims.",
      "zh-CN": "关注与相关性不成比例，即 Singh 与 Joachims 所说的曝光差别对待。",
    },
  },
  {
    metric: "inter-group-pairwise-accuracy",
    label: { en: "pairwise accuracy against others", "zh-CN": "组间成对准确率" },
    claim: (columns) => ({
      en: `The more relevant row loses more often to other groups by ${columns}.`,
      "zh-CN": `更相关的一行输给其他组的频率因 ${columns} 而异。`,
    }),
    between: (most, least) => ({
      en: `Of pairs with a less relevant row of another group, the more relevant row stands first in ${percentText(most.value)} for ${names(most).en} and ${percentText(least.value)} for ${names(least).en}`,
      "zh-CN": `与其他组相关性更低的一行配对时，更相关者排在前面的比例，${names(most)["zh-CN"]} 为 ${percentText(most.value)}，${names(least)["zh-CN"]} 为 ${percentText(least.value)}`,
    }),
    size: (_, __, gap) => ({
      en: `a gap of ${significantText((gap.value ?? 0) * 100)} points`,
      "zh-CN": `相差 ${significantText((gap.value ?? 0) * 100)} 个百分点`,
    }),
    isLarge: (_, __, gap) => (gap.value ?? 0) >= 0.1,
    advice: {
      en: "The score ranks one group below its relevance when it meets another.",
      "zh-CN": "与其他组相遇时，分数把某一组排得低于其应有的位置。",
    },
  },
];

export function judgeLists(reading: Reading, context: AuditContext<Input>): Finding[] {
  const { roles, input } = context;
  const metrics = listsFor(roles);
  const told = new Set(metrics.map(({ name }) => name));
  const isAlone = outputsOf(input, roles).decided === null;
  const findings: Finding[] = [];
  for (const by of roles.groupings) {
    for (const claim of placeClaims)
      if (told.has(claim.metric)) findings.push(...placeFinding(claim, by, reading, context));
    if (isAlone) {
      const compared = metrics.filter(({ gaps }) => gaps.includes("difference"));
      findings.push(
        ...leftOutGroups(by, reading, context, compared).map((finding) =>
          finding.table === undefined
            ? finding
            : { ...finding, table: finding.table.replace(/^groups-by-/, "places-by-") },
        ),
      );
    }
  }
  return [
    ...findings,
    ...whyNothing(reading, context),
    ...fewLists(reading, context),
    ...judgeStrata(reading, pooledLists(roles), context).map((one) => ({ ...one, id: `places-${one.id}` })),
    ...strataWithin(reading, context),
    ...(isAlone ? [...unknownGroups(reading, context), ...manyGroups(reading, context)] : []),
    ...leftOutRows(reading, ["score", "query"]),
  ];
}

function placeFinding(
  claim: PlaceClaim,
  by: readonly string[],
  reading: Reading,
  context: AuditContext<Input>,
): Finding[] {
  const { confidence, min_count: minCount } = context.input;
  const place = reading.place({ metric: `${claim.metric}-difference`, by: [...by] });
  const gap = place === null ? undefined : reading.measures[place];
  if (place === null || !gap || gap.value === null) return [];
  const rates = ratesOf(claim.metric, by, reading).filter(({ people }) => people >= minCount);
  const sorted = [...rates].sort((a, b) => b.value - a.value);
  const [most, least] = [sorted[0], sorted.at(-1)];
  if (!most || !least || most === least) return [];
  const columns = columnsText(by);
  const p = gap.p_adjusted;
  const numbers = claim.between(most, least, context.input);
  const size = claim.size(reading, by, gap);
  const tested =
    p === undefined ? { en: "no test", zh: "没有检验" } : { en: `adjusted ${pText(p)}`, zh: `校正后 ${pText(p)}` };
  const facts = {
    en: `${numbers.en}: ${size.en}; ${tested.en}.`,
    "zh-CN": `${numbers["zh-CN"]}，${size["zh-CN"]}；${tested.zh}。`,
  };
  const slugs = slugsOf(context.roles);
  const head = {
    id: `${claim.metric}-gap-by-${slugs.get(JSON.stringify(by)) ?? "group"}`,
    measures: [place, most.place, least.place],
    figure: figureId(claim.metric === "skew-at-k" ? "top-k-share" : claim.metric, by, slugs),
    table: "place-disparities",
  };
  if (p !== undefined && p < 1 - confidence) {
    const title = claim.claim(columns);
    return [
      {
        ...head,
        verdict: "info",
        severity: claim.isLarge(reading, by, gap) ? "high" : "medium",
        text: {
          en: `**${title.en}** ${facts.en} ${claim.advice.en}`,
          "zh-CN": `**${title["zh-CN"]}** ${facts["zh-CN"]}${claim.advice["zh-CN"]}`,
        },
      },
    ];
  }
  const chance = aloneText(gap) ?? {
    en: "Lists without regard to groups could show such a gap by chance.",
    "zh-CN": "即使位次与组无关，也可能偶然出现这样的差距。",
  };
  return [
    {
      ...head,
      verdict: "indeterminate",
      severity: "low",
      text: {
        en: `**Cannot tell yet whether ${claim.label.en} differs by ${columns}.** ${facts.en} ${chance.en}`,
        "zh-CN": `**尚不能判断${claim.label["zh-CN"]}是否因 ${columns} 而异。** ${facts["zh-CN"]}${chance["zh-CN"]}`,
      },
    },
  ];
}

/** Why places were not measured at all, where one reason holds. */
function whyNothing(reading: Reading, context: AuditContext<Input>): Finding[] {
  const why: Readonly<Record<string, LocalizedText>> = {
    weight: {
      en: "**Places in lists are not compared.** The plan names a weight, and rows of a list carry none: one place is one place.",
      "zh-CN": "**未比较列表中的位次。** 计划给出了权重，而列表中的行没有权重可言：一个位次就是一个位次。",
    },
    rows: {
      en: "**Places in lists are not compared.** There are too many rows in lists to hold.",
      "zh-CN": "**未比较列表中的位次。** 列表中的行过多。",
    },
  };
  return context.roles.groupings.flatMap((by, index): Finding[] => {
    const place = reading.place({ metric: "exposure-difference", by: [...by] });
    const reason = place === null ? undefined : reading.measures[place]?.reason;
    if (place === null || reason === undefined || reading.measures[place]?.value !== null) return [];
    const key = reason === reasons.weight ? "weight" : reason === reasons.rows ? "rows" : null;
    if (key === null && reason !== reasons.groups) return [];
    const text = key === null ? undefined : why[key];
    if (text && index > 0) return [];
    const columns = columnsText(by);
    return [
      {
        id: `places-not-compared-${index + 1}`,
        verdict: "indeterminate",
        severity: "low",
        text: text ?? {
          en: `**Places are not compared by ${columns}.** There are too many groups; put values together to compare them.`,
          "zh-CN": `**未按 ${columns} 比较位次。** 组过多；请合并取值后再作比较。`,
        },
        measures: [place],
      },
    ];
  });
}

/** Control columns whose values differ within lists leave some metrics without strata. */
function strataWithin(reading: Reading, { roles }: AuditContext<Input>): Finding[] {
  const places = reading.measures.flatMap(({ reason }, place) => (reason === strataReasons.within ? [place] : []));
  if (places.length === 0) return [];
  const control = columnsText(roles.control.map(({ name }) => name));
  return [
    {
      id: "strata-within-lists",
      verdict: "info",
      severity: "low",
      text: {
        en: `**Some numbers of lists are not told by strata of ${control}.** Lists hold rows of several of its values. Exposure and pairwise accuracy are means over rows and are told of each stratum, by the places of the whole list; pairs within a group and against others, and shares of the first places, are of whole lists.`,
        "zh-CN": `**列表的部分数值未按 ${control} 分层给出。** 同一列表中有该列的多个取值。曝光度与成对准确率是各行的平均，按其在整个列表中的位次逐层给出；组内与组间配对以及前列名额的占比以整个列表为准。`,
      },
      measures: places.slice(0, 50),
    },
  ];
}

/** Lists too few to draw intervals from. */
function fewLists(reading: Reading, { input, roles }: AuditContext<Input>): Finding[] {
  const place = reading.place({ metric: "lists" });
  const lists = place === null ? 0 : (reading.measures[place]?.value ?? 0);
  if (place === null || lists === 0 || lists >= fewestLists || roles.weight) return [];
  const level = percentText(input.confidence, 0);
  return [
    {
      id: "few-lists",
      verdict: "indeterminate",
      severity: "low",
      measures: [place],
      text:
        lists === 1
          ? {
              en: "**All rows are one list.** Its numbers describe this list alone, so they have no intervals; the tests deal the groups anew over its places.",
              "zh-CN":
                "**全部行是一个列表。** 各项数值只描述这一个列表，因此没有区间；检验的做法是把各组重新分配到它的各个位次上。",
            }
          : {
              en: `**${countText(lists)} lists are too few for ${level} intervals.** At least ${fewestLists} lists that hold a group are needed; the tests of exposure and of the first places hold for any number.`,
              "zh-CN": `**只有 ${countText(lists)} 个列表，不足以给出 ${level} 区间。** 至少需要 ${fewestLists} 个含有该组的列表；曝光度与前列名额的检验不受列表数量限制。`,
            },
    },
  ];
}
