import type { Finding, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { columnsText, figureId, groupOf, groupText, plainText, Reading, slugsOf } from "../../groups/reading.ts";
import { countText, decimalText, listText, percentText, shareText, tidyChinese } from "../../wording/index.ts";
import { byConstruction, noFeature } from "./conclude.ts";
import type { Input } from "./settings.ts";
import { likeness, outcomeOf } from "./summary.ts";
import { consistencyTableId, flipTableId } from "./tables.ts";

/** Features that one sentence names. */
const mostNamed = 6;

export function judge({ measures }: Conclusion, context: AuditContext<Input>): Finding[] {
  const reading = new Reading(measures);
  const findings = [
    overallFinding(reading, context),
    ...context.roles.groupings.flatMap((by) => differenceFinding(by, reading, context)),
    ...context.roles.protected.flatMap(({ name }) => flipFinding(name, reading, context)),
  ];
  return findings.map(
    (finding): Finding => ({
      ...finding,
      text: { en: finding.text.en, "zh-CN": tidyChinese(finding.text["zh-CN"]) },
    }),
  );
}

/** What people's outcomes are, in words. */
function outcomeWords({ roles }: AuditContext<Input>): LocalizedText {
  return outcomeOf(roles)?.kind === "decision" ? { en: "decision", "zh-CN": "决定" } : { en: "label", "zh-CN": "标签" };
}

function overallFinding(reading: Reading, context: AuditContext<Input>): Finding {
  const { input, roles } = context;
  const what = outcomeWords(context);
  const place = reading.place({ metric: "consistency" });
  const found = place === null ? null : (reading.measures[place] ?? null);
  const head = { id: "consistency", severity: "low" as const, measures: place === null ? [] : [place] };
  if (found?.value == null) {
    const isSame = found?.reason === noFeature;
    return {
      ...head,
      verdict: "indeterminate",
      text: {
        en: `**Cannot tell whether alike people are treated alike.** ${isSame ? "No feature tells people apart" : `Fewer than ${input.k + 2} people have a known ${what.en}`}.`,
        "zh-CN": `**尚不能判断相似者是否受到相同对待。**${isSame ? "没有能区分人的特征" : `有已知${what["zh-CN"]}的人不足 ${input.k + 2} 人`}。`,
      },
    };
  }
  const chancePlace = reading.place({ metric: "consistency-by-chance" });
  const chance = chancePlace === null ? null : (reading.measures[chancePlace]?.value ?? null);
  const names = likeness(input, roles).map(({ name }) => plainText(name));
  const more = names.length - mostNamed;
  const told = names.slice(0, mostNamed);
  const by = {
    en: more > 0 ? `${told.join(", ")} and ${more} more` : listText(told).en,
    "zh-CN": more > 0 ? `${told.join("、")} 等 ${names.length} 个特征` : listText(told)["zh-CN"],
  };
  const asked = reading.find({ metric: "asked-count" });
  const drawn =
    asked?.value != null && asked.n !== undefined && asked.value < asked.n
      ? {
          en: ` ${countText(asked.value)} of ${countText(asked.n)} people were drawn by the seed and asked about.`,
          "zh-CN": `按种子从 ${countText(asked.n)} 人中抽取 ${countText(asked.value)} 人进行考察。`,
        }
      : { en: "", "zh-CN": "" };
  return {
    ...head,
    measures: [...head.measures, ...(chancePlace === null ? [] : [chancePlace])],
    verdict: "info",
    text: {
      en: `**The ${what.en} agrees with those of the most similar people to ${percentText(found.value)}.** Each person was compared with the ${input.k} people nearest to them by ${by.en}${intervalText(found).en}. Two people drawn at random would agree to ${chance === null ? "–" : percentText(chance)}.${drawn.en} Whether these features ought to decide is not asked here.`,
      "zh-CN": `**${what["zh-CN"]}与最相似者的一致程度为 ${percentText(found.value)}。**每个人都与按 ${by["zh-CN"]} 距离最近的 ${input.k} 人比较${intervalText(found)["zh-CN"]}。随机抽取的两个人一致的比例为 ${chance === null ? "–" : percentText(chance)}。${drawn["zh-CN"]}这些特征是否应当起决定作用，不在此讨论。`,
    },
  };
}

/** ` (95 % interval 80.1 % to 84.0 %; n = 1,200)`. */
function intervalText({ low, high, confidence, n }: Measure): LocalizedText {
  const size = `n = ${countText(n ?? 0)}`;
  if (low === undefined || high === undefined || confidence === undefined) {
    return { en: ` (${size})`, "zh-CN": `（${size}）` };
  }
  const ends = [percentText(low), percentText(high)];
  return {
    en: ` (${shareText(confidence)} interval ${ends[0]} to ${ends[1]}; ${size})`,
    "zh-CN": `（${shareText(confidence)} 区间 ${ends[0]} 至 ${ends[1]}；${size}）`,
  };
}

function differenceFinding(by: readonly string[], reading: Reading, { roles, input }: AuditContext<Input>): Finding[] {
  const place = reading.place({ metric: "consistency-difference", by: [...by] });
  const found = place === null ? null : reading.measures[place];
  if (!found || place === null || found.value === null) return [];
  const slugs = slugsOf(roles);
  const groups = reading
    .groups(by)
    .filter((values) => !values.includes(null))
    .flatMap((values) => {
      const at = reading.place({ metric: "consistency", group: groupOf(by, values) });
      const measure = at === null ? null : reading.measures[at];
      return at === null || measure?.value == null || (measure.n ?? 0) < Math.max(2, input.min_count)
        ? []
        : [{ name: groupText(values), at, measure, value: measure.value }];
    })
    .sort((a, b) => a.value - b.value);
  const [least] = groups;
  const most = groups.at(-1);
  if (!least || !most || least === most) return [];
  const columns = columnsText(by);
  const isShown = (found.low ?? 0) > 0;
  const points = (value: number): string => decimalText(value * 100, 1);
  const level = shareText(input.confidence);
  const numbers = {
    en: `It is ${percentText(least.value)} among ${least.name.en} (n = ${countText(least.measure.n ?? 0)}) and ${percentText(most.value)} among ${most.name.en} (n = ${countText(most.measure.n ?? 0)}): ${points(found.value)} points apart (${level} interval for all pairs ${points(found.low ?? 0)} to ${points(found.high ?? 1)}).`,
    "zh-CN": `${least.name["zh-CN"]} 为 ${percentText(least.value)}（n = ${countText(least.measure.n ?? 0)}），${most.name["zh-CN"]} 为 ${percentText(most.value)}（n = ${countText(most.measure.n ?? 0)}）：相差 ${points(found.value)} 个百分点（对所有组对同时成立的 ${level} 区间为 ${points(found.low ?? 0)} 至 ${points(found.high ?? 1)}）。`,
  };
  return [
    {
      id: `consistency-by-${slugs.get(JSON.stringify(by)) ?? "group"}`,
      verdict: isShown ? "info" : "indeterminate",
      severity: isShown ? "medium" : "low",
      measures: [place, least.at, most.at],
      figure: figureId("consistency", by, slugs),
      table: consistencyTableId(by, slugs),
      text: isShown
        ? {
            en: `**Alike people are treated less alike in some groups by ${columns}.** ${numbers.en} Look at the pairs that are alike and part: groups near the cut part more often than others, too.`,
            "zh-CN": `**按 ${columns} 看，某些组中相似者更少受到相同对待。**${numbers["zh-CN"]}请查看彼此相似而结果不同的人；接近决定界线的组本来也更容易出现分歧。`,
          }
        : {
            en: `**No evidence that consistency differs by ${columns}.** ${numbers.en}`,
            "zh-CN": `**没有证据表明一致性因 ${columns} 而异。**${numbers["zh-CN"]}`,
          },
    },
  ];
}

function flipFinding(name: string, reading: Reading, { roles, input }: AuditContext<Input>): Finding[] {
  const place = reading.place({ metric: "counterfactual-flip-rate", by: [name] });
  const found = place === null ? null : reading.measures[place];
  if (!found || place === null) return [];
  const slugs = slugsOf(roles);
  const column = plainText(name);
  const id = `flips-by-${slugs.get(JSON.stringify([name])) ?? "group"}`;
  const head = { id, measures: [place] };
  if (found.method === byConstruction) {
    return [
      {
        ...head,
        verdict: "info",
        severity: "low",
        text: {
          en: `**The model does not read ${column}.** Changing it alone can change no answer: the share is 0 by construction and shows nothing more. Other inputs may stand in for it: fairness.representation tells how much each gives it away.`,
          "zh-CN": `**模型不读取 ${column}。**仅改变它不可能改变任何答案：该比例按构造为 0，不说明其他问题。其他输入可能替代它：各特征透露多少，见 fairness.representation。`,
        },
      },
    ];
  }
  if (found.value === null) {
    return [
      {
        ...head,
        verdict: "indeterminate",
        severity: "low",
        text: {
          en: `**Cannot tell what ${column} alone changes.** ${sentence(found.reason ?? "no answer could be compared")}.`,
          "zh-CN": `**尚不能判断仅改变 ${column} 会带来什么变化。**${reasonsZh[found.reason ?? ""] ?? "没有可以比较的回答"}。`,
        },
      },
    ];
  }
  const places = { figure: figureId("flips", [name], slugs), table: flipTableId(name, slugs) };
  const numbers = intervalText(found);
  if (found.value === 0) {
    return [
      {
        ...head,
        ...places,
        verdict: "info",
        severity: "low",
        text: {
          en: `**No answer changes with ${column} alone.** The model reads it; set to each other value, it changes the answer for none${numbers.en}. Scores may still move: the table tells by how much.`,
          "zh-CN": `**仅改变 ${column} 时没有任何答案改变。**模型读取该列；依次改为其他取值后，没有一个人的答案改变${numbers["zh-CN"]}。得分仍可能变化，见表。`,
        },
      },
    ];
  }
  const groups = reading.measures
    .map((measure, at) => ({ measure, at }))
    .filter(
      ({ measure: { metric, group, n } }) =>
        metric === "counterfactual-flip-rate" &&
        group !== undefined &&
        Object.keys(group).join() === name &&
        (n ?? 0) >= Math.max(1, input.min_count),
    )
    .sort((a, b) => (b.measure.value ?? 0) - (a.measure.value ?? 0));
  const [most] = groups;
  const worst = most === undefined ? null : groupText(Object.values(most.measure.group ?? {}));
  const of = (metric: string): number | null =>
    most === undefined ? null : (reading.find({ metric, group: most.measure.group ?? {} })?.value ?? null);
  const [gained, lost] = [of("counterfactual-gain-rate"), of("counterfactual-loss-rate")];
  const told =
    most === undefined || worst === null
      ? { en: "", "zh-CN": "" }
      : {
          en: ` Most among ${worst.en}: ${percentText(most.measure.value ?? 0)}${gained === null || lost === null ? "" : `: ${percentText(gained)} of them all would gain the favourable decision and ${percentText(lost)} lose it`} (n = ${countText(most.measure.n ?? 0)}).`,
          "zh-CN": `其中最多的是 ${worst["zh-CN"]}：${percentText(most.measure.value ?? 0)}${gained === null || lost === null ? "" : `（占全组：${percentText(gained)} 会获得有利决定，${percentText(lost)} 会失去）`}（n = ${countText(most.measure.n ?? 0)}）。`,
        };
  return [
    {
      ...head,
      ...places,
      measures: [place, ...(most === undefined ? [] : [most.at])],
      verdict: "info",
      severity: (found.low ?? 0) >= 0.01 ? "high" : "medium",
      text: {
        en: `**The model's answer depends on ${column} itself.** For ${percentText(found.value)} of the people asked about it changes where ${column} alone is set to another value${numbers.en}.${told.en} Ask why the model reads it, and whether it may.`,
        "zh-CN": `**模型的答案取决于 ${column} 本身。**仅将 ${column} 改为其他取值，${percentText(found.value)} 的人答案会改变${numbers["zh-CN"]}。${told["zh-CN"]}请追问模型为何读取它，以及是否允许。`,
      },
    },
  ];
}

const reasonsZh: Readonly<Record<string, string>> = {
  "a table of counts holds no single people to ask the model about": "计数表中没有可逐个询问模型的人",
  "fewer than two known values are there": "已知取值不足两个",
  "the model gives a score and no decision": "模型只给出得分，没有决定",
};

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
