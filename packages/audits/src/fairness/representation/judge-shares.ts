import type { Finding, LocalizedText } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import {
  columnsText,
  figureId,
  groupText,
  plainText,
  type Rate,
  type Reading,
  ratesOf,
  slugsOf,
} from "../../groups/reading.ts";
import { countText, decimalText, listText, percentText, pText } from "../../wording/index.ts";
import { type Input, populationOf } from "./settings.ts";

/** A ratio surely below this is far from the population's, and one surely below `wide` is worth a word. */
const far = 0.5;
const wide = 0.8;
/** A distance from the population that is small enough to be ruled out. */
const telling = 0.1;
/** Names in a sentence at most. */
const mostNamed = 8;

/** What is said of who is in the data, by the groups of some columns. */
export function judgeShares(by: readonly string[], reading: Reading, context: AuditContext<Input>): Finding[] {
  const population = populationOf(context.input, by);
  return [
    ...(population === null
      ? sharesAlone(by, reading, context)
      : [
          ...distance(by, reading, context, population),
          ...absentGroups(by, reading, context, population),
          ...outsideGroups(by, reading, context, population),
        ]),
    ...smallGroups(by, reading, context),
    ...unknownGroups(by, reading, context),
  ];
}

function place(by: readonly string[], { roles }: AuditContext<Input>, figure?: string) {
  const slugs = slugsOf(roles);
  const slug = slugs.get(JSON.stringify(by)) ?? "group";
  return { slug, at: { ...(figure ? { figure: figureId(figure, by, slugs) } : {}), table: `groups-by-${slug}` } };
}

/** Shares as they stand; whether they are right cannot be told without a population. */
function sharesAlone(by: readonly string[], reading: Reading, context: AuditContext<Input>): Finding[] {
  // Crossed columns have no population; their small groups are told below.
  if (by.length > 1) return [];
  const shares = ratesOf("representation-share", by, reading).sort((a, b) => b.value - a.value);
  const [most, least] = [shares[0], shares.at(-1)];
  if (!most || !least) return [];
  const { slug, at } = place(by, context, "representation-share");
  const columns = columnsText(by);
  if (most === least) {
    const name = groupText(most.values);
    return [
      {
        id: `one-group-by-${slug}`,
        verdict: "indeterminate",
        severity: "medium",
        text: {
          en: `**Every row is of one group by ${columns}.** ${countText(most.people)} rows are ${name.en}. Nothing can be said of how others would fare; check the column, or collect rows of other groups.`,
          "zh-CN": `**按 ${columns}，所有行都属于同一组。** 共 ${countText(most.people)} 行，均为 ${name["zh-CN"]}。无从判断其他人的情况；请检查该列，或收集其他组的数据。`,
        },
        measures: [most.place],
        ...at,
      },
    ];
  }
  const level = percentText(context.input.confidence, 0);
  const say = (one: Rate): LocalizedText => ({
    en: `${groupText(one.values).en} (${percentText(one.value)}, ${interval(one).en}; n = ${countText(one.people)})`,
    "zh-CN": `${groupText(one.values)["zh-CN"]}（${percentText(one.value)}，${interval(one)["zh-CN"]}；n = ${countText(one.people)}）`,
  });
  return [
    {
      id: `shares-by-${slug}`,
      verdict: "info",
      severity: "low",
      text: {
        en: `**The smallest group by ${columns} has ${percentText(least.value)} of the rows.** Least is ${say(least).en}, most is ${say(most).en}; ${level} intervals that hold for all groups at once. Whether these shares are right cannot be told without the population's: give them in the settings.`,
        "zh-CN": `**按 ${columns}，最小的组占 ${percentText(least.value)} 的行。** 最少的是 ${say(least)["zh-CN"]}，最多的是 ${say(most)["zh-CN"]}；${level} 区间对所有组同时成立。没有总体比例，就无法判断这些比例是否恰当：请在设置中给出。`,
      },
      measures: [least.place, most.place],
      ...at,
    },
  ];
}

function interval({ measure: { low, high } }: Rate): LocalizedText {
  const [from, to] = [percentText(low ?? 0), percentText(high ?? 1)];
  return { en: `${from} to ${to}`, "zh-CN": `${from} 至 ${to}` };
}

/** Whether the data have the population's shares, and which group has the fewest rows for its share. */
function distance(
  by: readonly string[],
  reading: Reading,
  context: AuditContext<Input>,
  population: ReadonlyMap<string, number>,
): Finding[] {
  const { confidence } = context.input;
  const gapPlace = reading.place({ metric: "representation-distance", by: [...by] });
  const gap = gapPlace === null ? undefined : reading.measures[gapPlace];
  if (gapPlace === null || !gap) return [];
  const columns = columnsText(by);
  const { slug, at } = place(by, context, gap.value === null ? undefined : "representation-ratio");
  const id = `representation-by-${slug}`;
  if (gap.value === null || gap.low === undefined || gap.high === undefined) {
    return [
      {
        id,
        verdict: "indeterminate",
        severity: "medium",
        text: {
          en: `**Cannot tell whether the data have the population's shares by ${columns}.** No row is of a group that the population names; check that its groups are spelt as in the file.`,
          "zh-CN": `**无法判断数据按 ${columns} 是否与总体比例一致。** 没有一行属于总体所列的组；请检查各组的写法是否与文件一致。`,
        },
        measures: [gapPlace],
        ...at,
      },
    ];
  }
  const level = percentText(confidence, 0);
  const ratios = ratesOf("representation-ratio", by, reading).sort((a, b) => a.value - b.value);
  const present = ratios.filter(({ people }) => people > 0);
  const surely = present.filter(({ measure }) => (measure.high ?? 1) < 1);
  const worst = surely[0] ?? present[0] ?? ratios[0];
  const p = gap.p_adjusted;
  const [low, high] = [percentText(gap.low), percentText(gap.high)];
  const sure = {
    en: `${level} simultaneous interval ${low} to ${high}${p === undefined ? "" : `; adjusted ${pText(p)}`}; n = ${countText(gap.n ?? 0)}`,
    zh: `${level} 同时区间 ${low} 至 ${high}${p === undefined ? "" : `；校正后 ${pText(p)}`}；n = ${countText(gap.n ?? 0)}`,
  };
  const moved = {
    en: `${percentText(gap.value)} of the rows would have to be of another group to have the population's shares (${sure.en}).`,
    zh: `要与总体一致，有 ${percentText(gap.value)} 的行需要换成别的组（${sure.zh}）。`,
  };
  const one = worst ? ratioText(worst, population) : { en: "", "zh-CN": "" };
  const measures = [gapPlace, ...(worst ? [worst.place] : [])];
  const alpha = Number((1 - confidence).toPrecision(12));
  if (p !== undefined && p < alpha) {
    const top = Math.min(1, ...surely.map(({ measure }) => measure.high ?? 1));
    const claim: LocalizedText =
      surely[0] === undefined
        ? {
            en: `The data do not have the population's shares by ${columns}.`,
            "zh-CN": `数据按 ${columns} 的构成与总体不一致。`,
          }
        : {
            en: `${groupText(surely[0].values).en} is under-represented by ${columns}.`,
            "zh-CN": `按 ${columns}，${groupText(surely[0].values)["zh-CN"]} 代表不足。`,
          };
    return [
      {
        id,
        verdict: "info",
        severity: top < far ? "high" : top < wide ? "medium" : "low",
        text: {
          en: `**${claim.en}** ${one.en} ${moved.en} Collect rows of groups with too few, or weigh those there are.`,
          "zh-CN": `**${claim["zh-CN"]}** ${one["zh-CN"]}${moved.zh}请补充不足的组的数据，或为已有的行加权。`,
        },
        measures,
        ...at,
      },
    ];
  }
  const near = gap.high <= telling || p === undefined;
  return [
    {
      id,
      verdict: near ? "info" : "indeterminate",
      severity: "low",
      text: near
        ? {
            en: `**The data have about the population's shares by ${columns}.** ${one.en} ${moved.en}`,
            "zh-CN": `**数据按 ${columns} 的构成与总体大致相同。** ${one["zh-CN"]}${moved.zh}`,
          }
        : {
            en: `**Cannot tell yet whether the data have the population's shares by ${columns}.** ${one.en} ${moved.en} A draw from the population could differ as much.`,
            "zh-CN": `**尚不能判断数据按 ${columns} 是否与总体比例一致。** ${one["zh-CN"]}${moved.zh}即使从总体中抽取，也可能有这样的差别。`,
          },
      measures,
      ...at,
    },
  ];
}

/** `F has 35.0 % of the rows and 51.0 % of the population: a ratio of 0.69 (0.66 to 0.71; n = 1,234).` */
function ratioText(one: Rate, population: ReadonlyMap<string, number>): LocalizedText {
  const share = population.get(one.values[0] ?? "") ?? 0;
  const name = groupText(one.values);
  const { low = 0, high = 1 } = one.measure;
  const [rows, people, ratio] = [percentText(one.value * share), percentText(share), decimalText(one.value, 2)];
  const [from, to] = [decimalText(low, 2), decimalText(high, 2)];
  return {
    en: `${name.en} has ${rows} of the rows and ${people} of the population: a ratio of ${ratio} (simultaneous interval ${from} to ${to}; n = ${countText(one.people)}).`,
    "zh-CN": `${name["zh-CN"]} 占数据的 ${rows}，占总体的 ${people}，比值为 ${ratio}（同时区间 ${from} 至 ${to}；n = ${countText(one.people)}）。`,
  };
}

/** Groups of the population of which there is no row. */
function absentGroups(
  by: readonly string[],
  reading: Reading,
  context: AuditContext<Input>,
  population: ReadonlyMap<string, number>,
): Finding[] {
  const absent = ratesOf("count", by, reading).filter(
    ({ people, values }) => people === 0 && population.has(values[0] ?? ""),
  );
  if (absent.length === 0) return [];
  const compared = reading.find({ metric: "representation-distance", by: [...by] })?.n ?? 0;
  const expected = (one: Rate): number => compared * (population.get(one.values[0] ?? "") ?? 0);
  const names = namesOf(absent, (one) => ({
    en: `${percentText(population.get(one.values[0] ?? "") ?? 0)} of the population, ${decimalText(expected(one), 0)} rows expected`,
    "zh-CN": `占总体 ${percentText(population.get(one.values[0] ?? "") ?? 0)}，预期 ${decimalText(expected(one), 0)} 行`,
  }));
  const { slug, at } = place(by, context);
  const one = absent.length === 1;
  return [
    {
      id: `absent-by-${slug}`,
      verdict: "info",
      severity: absent.some((group) => expected(group) >= 5) ? "high" : "medium",
      text: {
        en: `**${one ? "A group of the population is" : `${countText(absent.length)} groups of the population are`} absent by ${columnsText(by)}.** No row is of ${names.en}. A model learns nothing of ${one ? "it" : "them"}, and no audit can tell how ${one ? "it fares" : "they fare"}; check the spelling, then collect rows.`,
        "zh-CN": `**按 ${columnsText(by)}，总体中有 ${countText(absent.length)} 个组在数据中缺席。** 没有一行属于 ${names["zh-CN"]}。模型无从学习${one ? "该组" : "这些组"}，任何审计也无法判断其境况；请先检查写法，再补充数据。`,
      },
      measures: absent.map((group) => group.place),
      ...at,
    },
  ];
}

/** Groups of the data that the population does not name. */
function outsideGroups(
  by: readonly string[],
  reading: Reading,
  context: AuditContext<Input>,
  population: ReadonlyMap<string, number>,
): Finding[] {
  const outside = ratesOf("count", by, reading).filter(({ values }) => !population.has(values[0] ?? ""));
  if (outside.length === 0) return [];
  const names = namesOf(outside, (one) => ({
    en: `n = ${countText(one.people)}`,
    "zh-CN": `n = ${countText(one.people)}`,
  }));
  const { slug, at } = place(by, context);
  return [
    {
      id: `outside-by-${slug}`,
      verdict: "indeterminate",
      severity: "low",
      text: {
        en: `**The population does not name ${outside.length === 1 ? "one group" : `${countText(outside.length)} groups`} by ${columnsText(by)}.** ${names.en} ${outside.length === 1 ? "stands" : "stand"} outside the comparison. Check the spelling, or give the population's share.`,
        "zh-CN": `**按 ${columnsText(by)}，有 ${countText(outside.length)} 个组不在所给的总体之中。** ${names["zh-CN"]} 未参与比较。请检查写法，或给出其总体比例。`,
      },
      measures: outside.map((group) => group.place),
      ...at,
    },
  ];
}

/** Groups of fewer rows than a comparison takes. */
function smallGroups(by: readonly string[], reading: Reading, context: AuditContext<Input>): Finding[] {
  const { min_count: minCount } = context.input;
  const small = ratesOf("count", by, reading).filter(({ people }) => people > 0 && people < minCount);
  if (small.length === 0) return [];
  const names = namesOf(small, (one) => ({
    en: `n = ${countText(one.people)}`,
    "zh-CN": `n = ${countText(one.people)}`,
  }));
  const { slug, at } = place(by, context);
  return [
    {
      id: `small-groups-by-${slug}`,
      verdict: "indeterminate",
      severity: "low",
      text: {
        en: `**Too few rows to judge ${small.length === 1 ? "one group" : `${countText(small.length)} groups`} by ${columnsText(by)}.** ${names.en}: fewer than ${countText(minCount)} rows${small.length === 1 ? "" : " each"}. What is measured of such a group is mostly chance.`,
        "zh-CN": `**按 ${columnsText(by)}，有 ${countText(small.length)} 个组的行数太少，无法判断。** ${names["zh-CN"]}：${small.length === 1 ? "" : "每组"}不足 ${countText(minCount)} 行。对这样的组所测得的多半是偶然。`,
      },
      measures: small.map((group) => group.place),
      ...at,
    },
  ];
}

/** Rows whose group is not known. */
function unknownGroups(by: readonly string[], reading: Reading, context: AuditContext<Input>): Finding[] {
  const [column = ""] = by;
  if (by.length > 1) return [];
  const at = reading.measures.findIndex(
    ({ metric, column: of, group }) => metric === "missing-share" && of === column && group === undefined,
  );
  const measure = reading.measures[at];
  if (!measure?.value) return [];
  const { low = 0, high = 1, n = 0, value } = measure;
  const level = percentText(context.input.confidence, 0);
  const { slug } = place(by, context);
  const rows = countText(value * n);
  return [
    {
      id: `unknown-by-${slug}`,
      verdict: "info",
      severity: value >= 0.05 ? "medium" : "low",
      text: {
        en: `**${rows} rows do not say their group by ${plainText(column)}.** That is ${percentText(value)} of ${countText(n)} (${level} interval ${percentText(low)} to ${percentText(high)}). They stand outside every comparison; if one group is silent more often, its share is understated.`,
        "zh-CN": `**有 ${rows} 行没有说明 ${plainText(column)}。** 占 ${countText(n)} 行的 ${percentText(value)}（${level} 区间 ${percentText(low)} 至 ${percentText(high)}）。这些行不参与任何比较；若某一组更常不作说明，其比例就被低估。`,
      },
      measures: [at],
      table: `groups-by-${slug}`,
    },
  ];
}

function namesOf(groups: readonly Rate[], more: (group: Rate) => LocalizedText): LocalizedText {
  const shown = groups.slice(0, mostNamed);
  const rest = groups.length - shown.length;
  const en = shown.map((one) => `${groupText(one.values).en} (${more(one).en})`);
  const zh = shown.map((one) => `${groupText(one.values)["zh-CN"]}（${more(one)["zh-CN"]}）`);
  return {
    en: listText([...en, ...(rest > 0 ? [`${countText(rest)} more`] : [])]).en,
    "zh-CN": listText([...zh, ...(rest > 0 ? [`另外 ${countText(rest)} 组`] : [])])["zh-CN"],
  };
}
