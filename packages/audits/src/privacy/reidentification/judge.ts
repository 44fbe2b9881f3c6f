import type { Finding, Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { countText, decimalText, listText, percentText } from "../../wording/index.ts";
import type { Input } from "./settings.ts";

/**
 * Sentences of the audit. It holds no bound of its own, so a finding informs (or says that nothing can be told); pass and
 * fail come from the plan's rules. High: somebody stands alone. Medium: somebody is under the k asked for. Low: nobody is.
 */
export function judge(
  { measures }: Pick<Conclusion, "measures">,
  context: Pick<AuditContext<Input>, "input" | "roles">,
): readonly Finding[] {
  const at = (metric: string, key: Partial<Measure> = {}): number =>
    measures.findIndex((one) => one.metric === metric && one.column === key.column && one.feature === key.feature);
  const value = (index: number): number | null => measures[index]?.value ?? null;
  const k = value(at("k-anonymity"));
  if (k === null) {
    const why = {
      en: "**Cannot tell who can be singled out.** No row is left to look at.",
      "zh-CN": "**尚不能判断谁可被单独识别。**没有可供检查的行。",
    };
    return [
      { id: "uniqueness", verdict: "indeterminate", severity: "medium", text: why, measures: [at("k-anonymity")] },
    ];
  }
  return [
    uniqueness(measures, at, context),
    ...singlingOut(measures, at),
    ...context.roles.sensitive.map(({ name }) => giveaway(measures, at, name, context.input)),
  ];
}

type At = (metric: string, key?: Partial<Measure>) => number;

function uniqueness(
  measures: readonly Measure[],
  at: At,
  { input, roles }: Pick<AuditContext<Input>, "input" | "roles">,
): Finding {
  const number = (metric: string): number => measures[at(metric)]?.value ?? 0;
  const [k, unique, below] = [number("k-anonymity"), number("unique-rows"), number("rows-below-k")];
  const people = measures[at("k-anonymity")]?.n ?? 0;
  const by = listText(roles.quasiIdentifiers.map((role) => role.name));
  const average = percentText(number("average-prosecutor-risk"));
  const belowShare = percentText(below / people);
  const common = { id: "uniqueness", verdict: "info", figure: "class-sizes", table: "class-sizes" } as const;
  if (unique > 0) {
    const share = percentText(unique / people);
    return {
      ...common,
      severity: "high",
      measures: [at("unique-rows"), at("unique-share"), at("rows-below-k"), at("k-anonymity")],
      text: {
        en: `**${countText(unique)} of ${countText(people)} people ${unique === 1 ? "is" : "are"} unique by ${by.en}.** ${share} stand alone with their values, and ${countText(below)} (${belowShare}) are in groups of fewer than ${input.k}. Whoever knows these values of a person in the file finds that person's row with certainty; a guess at a random person is right ${average} of the time. Coarsen or drop columns, or suppress these rows, before the file is shared.`,
        "zh-CN": `**${countText(people)} 人中有 ${countText(unique)} 人凭 ${by["zh-CN"]} 独一无二。**${share} 的人没有取值相同者，${countText(below)} 人（${belowShare}）所在的组不足 ${input.k} 人。知道文件中某人这些取值的人，可以确定无疑地找到其记录；随机猜测一人，命中率为 ${average}。在共享文件之前，应泛化或删除部分列，或隐去这些行。`,
      },
    };
  }
  const oneIn = `1/${countText(k)}`;
  if (k < input.k) {
    return {
      ...common,
      severity: "medium",
      measures: [at("k-anonymity"), at("rows-below-k"), at("prosecutor-risk"), at("average-prosecutor-risk")],
      text: {
        en: `**The smallest group holds ${countText(k)} people, fewer than the ${input.k} asked for.** Nobody is unique by ${by.en}, but ${countText(below)} of ${countText(people)} people (${belowShare}) are in groups under that size. A guess at someone in the smallest group is right with chance ${oneIn}, at a random person ${average}. Coarsen a column or suppress these rows.`,
        "zh-CN": `**最小的组只有 ${countText(k)} 人，低于所要求的 ${input.k} 人。**凭 ${by["zh-CN"]} 没有人独一无二，但 ${countText(people)} 人中有 ${countText(below)} 人（${belowShare}）所在的组未达到该规模。猜中最小组中某人的概率为 ${oneIn}，随机一人为 ${average}。应泛化某一列，或隐去这些行。`,
      },
    };
  }
  return {
    ...common,
    severity: "low",
    measures: [at("k-anonymity"), at("prosecutor-risk"), at("average-prosecutor-risk")],
    text: {
      en: `**Nobody is in a group of fewer than ${input.k}.** The smallest group of people alike in ${by.en} holds ${countText(k)} of ${countText(people)}. A guess at someone in it is right with chance ${oneIn}, at a random person ${average}.`,
      "zh-CN": `**没有人所在的组少于 ${input.k} 人。**就 ${by["zh-CN"]} 而言，${countText(people)} 人中最小的组有 ${countText(k)} 人。猜中其中某人的概率为 ${oneIn}，随机一人为 ${average}。`,
    },
  };
}

/** The column whose absence would leave the fewest people unique; silent where none changes anything. */
function singlingOut(measures: readonly Measure[], at: At): readonly Finding[] {
  const withAll = measures[at("unique-share")]?.value ?? 0;
  const without = measures.flatMap((measure) =>
    measure.metric === "unique-share-without" && measure.value !== null && measure.feature !== undefined
      ? [{ feature: measure.feature, share: measure.value, people: measure.n ?? 0 }]
      : [],
  );
  const least = without.reduce<(typeof without)[number] | null>(
    (best, one) => (best === null || one.share < best.share ? one : best),
    null,
  );
  if (least === null || without.length < 2 || least.share >= withAll) return [];
  const { feature, people } = least;
  const [before, after] = [Math.round(withAll * people), Math.round(least.share * people)];
  const spared = percentText((before - after) / people);
  return [
    {
      id: "singling-out",
      verdict: "info",
      severity: "low",
      measures: [at("unique-share"), at("unique-share-without", { feature })],
      figure: "singling-out",
      table: "columns",
      text: {
        en: `**“${feature}” singles out the most people.** Without it ${countText(after)} would be unique instead of ${countText(before)} (${spared} of all people fewer). It is the first column to coarsen.`,
        "zh-CN": `**“${feature}”使最多的人可被单独识别。**去掉它后，独一无二的人将由 ${countText(before)} 人降至 ${countText(after)} 人（减少全体的 ${spared}）。应首先泛化该列。`,
      },
    },
  ];
}

function giveaway(measures: readonly Measure[], at: At, column: string, input: Input): Finding {
  const index = (metric: string): number => at(metric, { column });
  const value = (metric: string): number | null => measures[index(metric)]?.value ?? null;
  const [l, t, share, homogeneous] = [
    value("l-diversity"),
    value("t-closeness"),
    value("share-below-l"),
    value("homogeneous-rows"),
  ];
  const common = { id: `sensitive.${column}`, table: "sensitive" } as const;
  if (l === null || t === null || share === null || homogeneous === null) {
    const isIdentifier = (measures[index("l-diversity")]?.reason ?? "").startsWith("also");
    return {
      id: common.id,
      verdict: "indeterminate",
      severity: "low",
      measures: [index("l-diversity")],
      text: isIdentifier
        ? {
            en: `**Cannot tell what groups give away of “${column}”.** It is among the quasi-identifiers too, so every group has one value of it. Keep it in one of the two roles.`,
            "zh-CN": `**尚不能判断各组会泄露多少“${column}”。**它同时也是准标识符，每个组必然只有一个取值。请只保留其中一种角色。`,
          }
        : {
            en: `**Cannot tell what groups give away of “${column}”.** No value of it is known.`,
            "zh-CN": `**尚不能判断各组会泄露多少“${column}”。**该列没有已知取值。`,
          },
    };
  }
  const measured = [index("l-diversity"), index("share-below-l"), index("homogeneous-rows"), index("t-closeness")];
  const distance = decimalText(t, 2);
  if (l >= input.l) {
    return {
      ...common,
      verdict: "info",
      severity: "low",
      measures: measured,
      text: {
        en: `**Every group hides “${column}” among at least ${countText(l)} values.** ${input.l} are asked for. The most telling group still differs from the whole file by t = ${distance}: 0 would teach an attacker nothing, 1 everything.`,
        "zh-CN": `**每个组中“${column}”至少有 ${countText(l)} 个不同取值。**要求为 ${input.l} 个。信息量最大的组与整个文件相差 t = ${distance}：0 表示攻击者一无所获，1 表示完全泄露。`,
      },
    };
  }
  const alike =
    homogeneous > 0
      ? {
          en: ` ${countText(homogeneous)} people are not unique and yet exposed: everybody in their group with a known value has the same one.`,
          "zh-CN": `其中 ${countText(homogeneous)} 人虽非独一无二，却同样暴露：其所在组中取值已知者全都相同。`,
        }
      : { en: "", "zh-CN": "" };
  return {
    ...common,
    verdict: "info",
    severity: l === 1 ? "high" : "medium",
    measures: measured,
    text: {
      en: `**Groups give “${column}” away for ${percentText(share)} of people.** Their group holds fewer than ${input.l} different values of it (smallest l = ${countText(l)}; t = ${distance}).${alike.en} Merge these groups by coarsening the quasi-identifiers, or suppress them.`,
      "zh-CN": `**对 ${percentText(share)} 的人而言，所在的组会泄露其“${column}”。**组内不同取值少于 ${input.l} 个（最小 l = ${countText(l)}；t = ${distance}）。${alike["zh-CN"]}应通过泛化准标识符合并这些组，或将其隐去。`,
    },
  };
}
