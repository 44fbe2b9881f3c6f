import type { Finding, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { columnsText, figureId, groupOf, groupText, type Reading, slugsOf } from "../../groups/reading.ts";
import { countText, decimalText, percentText, shareText } from "../../wording/index.ts";
import { labelTableId } from "./label-tables.ts";
import { reasonText } from "./reasons.ts";
import type { Input } from "./settings.ts";

/** Whether labels agree among people who are alike, and whether less so in some groups. */
export function judgeLabels(reading: Reading, context: AuditContext<Input>): Finding[] {
  const place = reading.place({ metric: "label-agreement" });
  const found = place === null ? null : reading.measures[place];
  if (!found || place === null) return [];
  if (found.value === null) {
    const reason = reasonText(found.reason ?? "");
    return [
      {
        id: "labels",
        verdict: "indeterminate",
        severity: "low",
        measures: [place],
        text: {
          en: `**Cannot tell how labels agree among people who are alike.** The reason: ${reason.en}.`,
          "zh-CN": `**尚不能判断相似者的标签是否一致。**原因：${reason["zh-CN"]}。`,
        },
      },
    ];
  }
  return [
    overall(place, found, found.value, reading, context.input),
    ...context.roles.groupings.flatMap((by) => difference(by, reading, context)),
  ];
}

function overall(place: number, found: Measure, value: number, reading: Reading, { k }: Input): Finding {
  const chance = reading.find({ metric: "label-agreement-by-chance" })?.value ?? null;
  const twinPlace = reading.place({ metric: "label-conflict-rate" });
  const twins = twinPlace === null ? null : (reading.measures[twinPlace] ?? null);
  const conflict: LocalizedText =
    twins?.value == null
      ? { en: "No two people are alike in every feature.", "zh-CN": "没有两个人的所有特征都相同。" }
      : {
          en: `${countText(twins.n ?? 0)} people have a twin, alike in every feature: the twin's label is the other one for ${percentText(twins.value)}${intervalText(twins).en}.`,
          "zh-CN": `${countText(twins.n ?? 0)} 人有所有特征都相同的“双胞胎”，其中 ${percentText(twins.value)} 的标签相反${intervalText(twins)["zh-CN"]}。`,
        };
  return {
    id: "labels",
    verdict: "info",
    severity: "low",
    measures: [place, ...(twinPlace === null ? [] : [twinPlace])],
    text: {
      en: `**Labels agree with those of the most similar people to ${percentText(value)}.** Each was compared with those of the ${k} nearest${intervalText(found).en}; two people drawn at random agree to ${chance === null ? "–" : percentText(chance)}. ${conflict.en} Labels that part are not wrong for that: lives that look alike here may end differently.`,
      "zh-CN": `**标签与最相似者的一致程度为 ${percentText(value)}。**每个标签与最近的 ${k} 人比较${intervalText(found)["zh-CN"]}；随机两人一致的比例为 ${chance === null ? "–" : percentText(chance)}。${conflict["zh-CN"]}标签不一致并不说明有误：在此看来相似的人，实际结果可能不同。`,
    },
  };
}

function intervalText({ low, high, confidence, n }: Measure): LocalizedText {
  const size = `n = ${countText(n ?? 0)}`;
  if (low === undefined || high === undefined || confidence === undefined) {
    return { en: ` (${size})`, "zh-CN": `（${size}）` };
  }
  return {
    en: ` (${shareText(confidence)} interval ${percentText(low)} to ${percentText(high)}; ${size})`,
    "zh-CN": `（${shareText(confidence)} 区间 ${percentText(low)} 至 ${percentText(high)}；${size}）`,
  };
}

function difference(by: readonly string[], reading: Reading, { roles, input }: AuditContext<Input>): Finding[] {
  const place = reading.place({ metric: "label-agreement-difference", by: [...by] });
  const found = place === null ? null : reading.measures[place];
  if (!found || place === null || found.value === null) return [];
  const slugs = slugsOf(roles);
  const groups = reading
    .groups(by)
    .filter((values) => !values.includes(null))
    .flatMap((values) => {
      const at = reading.place({ metric: "label-agreement", group: groupOf(by, values) });
      const measure = at === null ? null : reading.measures[at];
      return at === null || measure?.value == null || (measure.n ?? 0) < Math.max(2, input.min_count)
        ? []
        : [{ name: groupText(values), at, n: measure.n ?? 0, value: measure.value }];
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
    en: `Labels of ${least.name.en} agree to ${percentText(least.value)} (n = ${countText(least.n)}), those of ${most.name.en} to ${percentText(most.value)} (n = ${countText(most.n)}): ${points(found.value)} points apart (${level} interval for all pairs ${points(found.low ?? 0)} to ${points(found.high ?? 1)}).`,
    "zh-CN": `${least.name["zh-CN"]} 的标签一致程度为 ${percentText(least.value)}（n = ${countText(least.n)}），${most.name["zh-CN"]} 为 ${percentText(most.value)}（n = ${countText(most.n)}）：相差 ${points(found.value)} 个百分点（对所有组对同时成立的 ${level} 区间为 ${points(found.low ?? 0)} 至 ${points(found.high ?? 1)}）。`,
  };
  return [
    {
      id: `labels-by-${slugs.get(JSON.stringify(by)) ?? "group"}`,
      verdict: isShown ? "info" : "indeterminate",
      severity: isShown ? "medium" : "low",
      measures: [place, least.at, most.at],
      figure: figureId("label-agreement", by, slugs),
      table: labelTableId(by, slugs),
      text: isShown
        ? {
            en: `**Labels agree less among alike people in some groups by ${columns}.** ${numbers.en} Either these labels hold more noise, or the features tell less of this group, or its base rate lies nearer to a half: have some of its labels given a second time.`,
            "zh-CN": `**按 ${columns} 看，某些组中相似者的标签更不一致。**${numbers["zh-CN"]}可能是这些标签噪声更大，可能是特征对该组说明得更少，也可能是其基准率更接近一半：请对该组的部分标签重新标注。`,
          }
        : {
            en: `**No evidence that labels of alike people agree less in any group by ${columns}.** ${numbers.en}`,
            "zh-CN": `**没有证据表明按 ${columns} 有哪个组中相似者的标签更不一致。**${numbers["zh-CN"]}`,
          },
    },
  ];
}
