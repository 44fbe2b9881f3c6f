import type { Finding, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { columnsText, groupText } from "../../groups/reading.ts";
import { countText, decimalText, listText, percentText, pText, tidyChinese } from "../../wording/index.ts";
import { chosenNames } from "./chosen.ts";
import { gapOfConstraint, gaps } from "./gaps.ts";
import { Lookup } from "./lookup.ts";
import type { MitigationInput } from "./settings.ts";
import { constraintText, gapText, methodText } from "./words.ts";

type Context = AuditContext<MitigationInput>;

/** Groups named in one sentence at most. */
const mostNamed = 5;

export function judgeMitigation({ measures }: Conclusion, context: Context): Finding[] {
  const lookup = new Lookup(measures);
  return [
    ...gapFinding(lookup, context),
    ...accuracyFinding(lookup),
    ...selectionFinding(lookup),
    ...payingFinding(lookup, context),
    ...drawnFinding(lookup, context),
    ...commonFinding(lookup, context),
    ...otherGapFinding(lookup, context),
    ...leftOutFinding(lookup),
  ].map((finding) => ({ ...finding, text: { en: finding.text.en, "zh-CN": tidyChinese(finding.text["zh-CN"]) } }));
}

function points(value: number): string {
  return decimalText(value * 100, 1);
}

function places(lookup: Lookup, keys: readonly Parameters<Lookup["place"]>[0][]): number[] {
  return keys.flatMap((key) => lookup.place(key) ?? []);
}

/** The two numbers, the change with its interval, how sure; then what was asked for. */
function gapFinding(lookup: Lookup, { input, roles }: Context): Finding[] {
  const by = [...chosenNames(input, roles)];
  const metric = gapOfConstraint[input.constraint];
  const at = (split: string, version: string) => ({ metric, by, split, version });
  const before = lookup.find(at("test", "before"));
  const after = lookup.find(at("test", "after"));
  const change = lookup.find({ metric: `${metric}-change`, by });
  const columns = columnsText(by);
  const head = {
    id: "gap",
    verdict: "info" as const,
    measures: places(lookup, [
      at("test", "before"),
      at("test", "after"),
      { metric: `${metric}-change`, by },
      at("train", "after"),
    ]),
    figure: `${gaps.find((one) => one.metric === metric)?.rates[0] ?? "selection-rate"}-before-after`,
    table: "gaps",
  };
  const gap = gapText[metric];
  if (before?.value == null || after?.value == null || change?.value == null) {
    const reason = after?.reason ?? before?.reason ?? "fewer than two groups";
    return [
      {
        ...head,
        verdict: "indeterminate",
        severity: "medium",
        text: {
          en: `**Cannot tell whether ${columns} differ less now.** On held-out rows the gap is not known: ${reason}. The rules are learned and written all the same.`,
          "zh-CN": `**尚不能判断 ${columns} 各组的差距是否缩小。** 在留出的行上无法得知差距：行数足够且比率有定义的组不足两个。规则仍已学得并写出。`,
        },
      },
    ];
  }
  const level = percentText(input.confidence, 0);
  const low = change.low ?? null;
  const high = change.high ?? null;
  const sure =
    low === null || high === null
      ? { en: "no interval", zh: "没有区间" }
      : {
          en: `${level} interval ${points(low)} to ${points(high)}${change.p === undefined ? "" : `; ${pText(change.p)}`}; n = ${countText(change.n ?? 0)}`,
          zh: `${level} 区间 ${points(low)} 至 ${points(high)}${change.p === undefined ? "" : `；${pText(change.p)}`}；n = ${countText(change.n ?? 0)}`,
        };
  const ends = (measure: Measure): { en: string; zh: string } => ({
    en: `${points(measure.value ?? 0)} (${points(measure.low ?? measure.value ?? 0)} to ${points(measure.high ?? measure.value ?? 0)})`,
    zh: `${points(measure.value ?? 0)}（${points(measure.low ?? measure.value ?? 0)} 至 ${points(measure.high ?? measure.value ?? 0)}）`,
  });
  const asked =
    input.method === "threshold" || input.method === "reduce"
      ? {
          en: ` At most ${points(input.tolerance)} points of ${constraintText[input.constraint].en} were asked for among the rows learned from; ${points(lookup.find(at("train", "after"))?.value ?? 0)} are left there.`,
          zh: `在学习所用的行上，要求${constraintText[input.constraint]["zh-CN"]}的差距至多 ${points(input.tolerance)} 个百分点；实际余下 ${points(lookup.find(at("train", "after"))?.value ?? 0)} 个。`,
        }
      : { en: "", zh: "" };
  const numbers = {
    en: `On held-out rows the ${gap.en.toLowerCase()} was ${ends(before).en} points before and is ${ends(after).en} after ${methodText[input.method].en}: a change of ${points(change.value)} points (${sure.en}).${asked.en}`,
    zh: `在留出的行上，${gap["zh-CN"]}此前为 ${ends(before).zh} 个百分点，经${methodText[input.method]["zh-CN"]}后为 ${ends(after).zh}，变化 ${points(change.value)} 个百分点（${sure.zh}）。${asked.zh}`,
  };
  const narrower = high !== null && high < 0;
  const wider = low !== null && low > 0;
  const claim: LocalizedText = narrower
    ? { en: `The gap by ${columns} is smaller.`, "zh-CN": `按 ${columns} 的差距缩小了。` }
    : wider
      ? { en: `The gap by ${columns} is larger than before.`, "zh-CN": `按 ${columns} 的差距反而扩大。` }
      : {
          en: `Cannot tell yet whether the gap by ${columns} is smaller.`,
          "zh-CN": `尚不能判断按 ${columns} 的差距是否缩小。`,
        };
  return [
    {
      ...head,
      verdict: narrower || wider ? "info" : "indeterminate",
      severity: wider ? "high" : "medium",
      text: { en: `**${claim.en}** ${numbers.en}`, "zh-CN": `**${claim["zh-CN"]}** ${numbers.zh}` },
    },
  ];
}

/** Which part of a paired change comes from the cut alone, and which from the constraint; empty where before is without it. */
function attribution(
  lookup: Lookup,
  of: "accuracy" | "selection-rate",
): { en: string; zh: string; keys: { metric: string }[] } {
  const keys = [{ metric: `${of}-change-by-cut` }, { metric: `${of}-change-by-constraint` }];
  const [cut, constraint] = keys.map((key) => lookup.find(key));
  if (cut?.value == null || constraint?.value == null) return { en: "", zh: "", keys: [] };
  const told = ({ value, low, high, p = 1 }: Measure): { en: string; zh: string } => ({
    en: `${points(value ?? 0)} points (${points(low ?? value ?? 0)} to ${points(high ?? value ?? 0)}; ${pText(p)})`,
    zh: `${points(value ?? 0)} 个百分点（${points(low ?? value ?? 0)} 至 ${points(high ?? value ?? 0)}；${pText(p)}）`,
  });
  return {
    en: ` Of this, ${told(cut).en} come from moving the cuts to where the objective is best without the constraint, and ${told(constraint).en} from the constraint.`,
    zh: `其中，${told(cut).zh}来自把阈值移到不加约束时目标最优之处，${told(constraint).zh}来自约束本身。`,
    keys,
  };
}

function accuracyFinding(lookup: Lookup): Finding[] {
  const found = pairedOverall(lookup, "accuracy");
  if (found === null) return [];
  const { change, before, after, low, high, isSure } = found;
  const by = attribution(lookup, "accuracy");
  const claim: LocalizedText = !isSure
    ? { en: "No evidence that accuracy changes.", "zh-CN": "没有证据表明准确率有变化。" }
    : change < 0
      ? { en: "Accuracy falls.", "zh-CN": "准确率下降。" }
      : { en: "Accuracy rises.", "zh-CN": "准确率上升。" };
  return [
    {
      id: "accuracy",
      verdict: "info",
      severity: high <= -0.05 ? "medium" : "low",
      text: {
        en: `**${claim.en}** Of ${found.n} held-out rows ${percentText(before)} were decided as their label says before; after, ${percentText(after)} are expected to be. Decided row by row, the change is ${points(change)} points (${found.level} interval ${points(low)} to ${points(high)}; paired test ${found.p}).${by.en}`,
        "zh-CN": `**${claim["zh-CN"]}** 在 ${found.n} 个留出的行中，此前有 ${percentText(before)} 的决定与标签一致，之后预期为 ${percentText(after)}。逐行判定，变化为 ${points(change)} 个百分点（${found.level} 区间 ${points(low)} 至 ${points(high)}；配对检验 ${found.p}）。${by.zh}`,
      },
      measures: places(lookup, [...found.keys, ...by.keys]),
      table: "groups",
    },
  ];
}

/** How many people are selected: what a decision is about, and what a gap does not tell. */
function selectionFinding(lookup: Lookup): Finding[] {
  const found = pairedOverall(lookup, "selection-rate");
  if (found === null) return [];
  const { change, before, after, low, high, isSure } = found;
  const by = attribution(lookup, "selection-rate");
  const claim: LocalizedText = !isSure
    ? { en: "No evidence that more or fewer are selected.", "zh-CN": "没有证据表明入选人数有变化。" }
    : change < 0
      ? { en: "Fewer are selected.", "zh-CN": "入选者减少。" }
      : { en: "More are selected.", "zh-CN": "入选者增多。" };
  const least = Math.min(Math.abs(low), Math.abs(high));
  return [
    {
      id: "selection",
      verdict: "info",
      severity: isSure && least >= 0.05 ? "medium" : "low",
      text: {
        en: `**${claim.en}** Of ${found.n} held-out rows ${percentText(before)} were decided positive before; after, ${percentText(after)} are expected to be. Decided row by row, the change is ${points(change)} points (${found.level} interval ${points(low)} to ${points(high)}; paired test ${found.p}).${by.en}`,
        "zh-CN": `**${claim["zh-CN"]}** 在 ${found.n} 个留出的行中，此前有 ${percentText(before)} 被判为正，之后预期为 ${percentText(after)}。逐行判定，变化为 ${points(change)} 个百分点（${found.level} 区间 ${points(low)} 至 ${points(high)}；配对检验 ${found.p}）。${by.zh}`,
      },
      measures: places(lookup, [...found.keys, ...by.keys]),
      table: "groups",
    },
  ];
}

/** A rate of all rows before and after, and its paired change; null where it is not known. */
function pairedOverall(lookup: Lookup, of: "accuracy" | "selection-rate") {
  const keys = [
    { metric: `${of}-change` },
    { metric: of, split: "test", version: "before" },
    { metric: of, split: "test", version: "after" },
  ];
  const [change, before, after] = keys.map((key) => lookup.find(key));
  if (change?.value == null || before?.value == null || after?.value == null) return null;
  const { low = change.value, high = change.value, p = 1, n = 0, confidence = 0.95 } = change;
  return {
    keys,
    change: change.value,
    before: before.value,
    after: after.value,
    low,
    high,
    isSure: high < 0 || low > 0,
    n: countText(n),
    level: percentText(confidence, 0),
    p: pText(p),
  };
}

/** The group whose decisions get worse by most, where that is beyond chance. */
function payingFinding(lookup: Lookup, { input }: Context): Finding[] {
  const paying = lookup
    .groups()
    .flatMap((group) => {
      const place = lookup.place({ metric: "accuracy-change", group });
      const change = place === null ? null : (lookup.measures[place] ?? null);
      return place !== null &&
        change?.value != null &&
        change.value < 0 &&
        (change.p_adjusted ?? 1) < 1 - input.confidence
        ? [{ group, place, change, value: change.value }]
        : [];
    })
    .sort((a, b) => a.value - b.value);
  const most = paying[0];
  if (!most) return [];
  const name = groupText(Object.values(most.group));
  const { low = most.value, high = most.value, n = 0, p_adjusted: p = 1 } = most.change;
  const others = paying.length - 1;
  return [
    {
      id: "paying",
      verdict: "info",
      severity: high <= -0.05 ? "high" : "medium",
      text: {
        en: `**${name.en} pays most.** Its accuracy changes by ${points(most.value)} points (${points(low)} to ${points(high)}; adjusted ${pText(p)}; n = ${countText(n)})${others > 0 ? `; ${others} more ${others === 1 ? "group loses" : "groups lose"} accuracy beyond chance` : ""}. Ask whether these errors may be borne, and by whom.`,
        "zh-CN": `**${name["zh-CN"]} 付出最多。** 其准确率变化 ${points(most.value)} 个百分点（${points(low)} 至 ${points(high)}；校正后 ${pText(p)}；n = ${countText(n)}）${others > 0 ? `；另有 ${others} 个组的准确率下降也超出偶然` : ""}。应追问这些差错能否承受、由谁承受。`,
      },
      measures: [most.place],
      table: "groups",
    },
  ];
}

function drawnFinding(lookup: Lookup, { input }: Context): Finding[] {
  const place = lookup.place({ metric: "drawn-decision-rate", split: "test", version: "after" });
  const share = place === null ? 0 : (lookup.measures[place]?.value ?? 0);
  if (place === null || share === 0) return [];
  const file = input.method === "threshold" ? "thresholds.json" : "model.onnx";
  return [
    {
      id: "drawn",
      verdict: "info",
      severity: share >= 0.1 ? "medium" : "low",
      text: {
        en: `**Some decisions are drawn by lot.** For ${percentText(share)} of held-out rows the rule leaves the decision to a draw, always the same for the same row and seed. ${file} holds every probability. Ask whether people may be decided on in this way; a larger tolerance needs less of it.`,
        "zh-CN": `**部分决定由抽签作出。** 留出的行中有 ${percentText(share)}，其决定由规则交给抽签；同一行、同一种子的结果总是相同。所有概率见 ${file}。应追问能否如此对人作出决定；放宽容许差距可减少抽签。`,
      },
      measures: [place],
      table: "groups",
    },
  ];
}

/** Groups without a rule of their own. */
function commonFinding(lookup: Lookup, { input }: Context): Finding[] {
  if (input.method !== "threshold") return [];
  const places: number[] = [];
  const small = lookup.groups().filter((group) => {
    const place = lookup.place({ metric: "own-rule", group });
    if (place !== null && lookup.measures[place]?.value === 0) {
      places.push(place);
      return true;
    }
    return false;
  });
  if (small.length === 0) return [];
  const names = small.slice(0, mostNamed).map((group) => groupText(Object.values(group)));
  const more = small.length - names.length;
  const rest = more > 0 ? { en: `, and ${more} more`, zh: `等 ${small.length} 个组` } : { en: "", zh: "" };
  const list = {
    en: listText(names.map((name) => name.en)).en,
    zh: listText(names.map((name) => name["zh-CN"]))["zh-CN"],
  };
  return [
    {
      id: "common-rule",
      verdict: "indeterminate",
      severity: "low",
      text: {
        en: `**${small.length === 1 ? "One group has" : `${small.length} groups have`} no rule of their own.** ${list.en}${rest.en}: unknown, fewer than ${input.min_count} rows to learn from, or none that the constraint speaks of. They are decided by the common rule, which keeps the others' rates over all rows together; whether it treats them alike cannot be told.`,
        "zh-CN": `**有 ${small.length} 个组没有自己的规则。** ${list.zh}${rest.zh}：组别未知、可供学习的行少于 ${input.min_count}，或没有约束所涉的行。它们采用公共规则，该规则就全部行而言与其他组保持相同的比率；对它们是否一视同仁，无从得知。`,
      },
      measures: places.slice(0, 100),
      table: "groups",
    },
  ];
}

/** A gap that nobody asked about and that grew. */
function otherGapFinding(lookup: Lookup, { input, roles }: Context): Finding[] {
  const by = [...chosenNames(input, roles)];
  const asked = gapOfConstraint[input.constraint];
  return gaps.flatMap(({ metric }): Finding[] => {
    if (metric === asked || (asked === "equalized-odds-difference" && metric.endsWith("positive-rate-difference")))
      return [];
    const key = { metric: `${metric}-change`, by };
    const change = lookup.find(key);
    if (change?.value == null || change.low === undefined || change.low <= 0) return [];
    const { low, high = change.value, p = 1 } = change;
    const gap = gapText[metric];
    return [
      {
        id: `grew-${metric}`,
        verdict: "info",
        severity: low >= 0.05 ? "high" : "medium",
        text: {
          en: `**${gap.en} grows.** It changes by ${points(change.value)} points on held-out rows (${points(low)} to ${points(high)}; ${pText(p)}). No rule can make all gaps small where base rates differ: decide which one matters here.`,
          "zh-CN": `**${gap["zh-CN"]}扩大。** 在留出的行上变化 ${points(change.value)} 个百分点（${points(low)} 至 ${points(high)}；${pText(p)}）。基准率不同时，任何规则都无法使所有差距同时变小：应决定此处看重哪一项。`,
        },
        measures: places(lookup, [key]),
        table: "gaps",
      },
    ];
  });
}

function leftOutFinding(lookup: Lookup): Finding[] {
  const reasons = [
    { metric: "rows-without-label", en: "label", zh: "标签" },
    { metric: "rows-without-score", en: "score", zh: "分数" },
    { metric: "rows-without-decision", en: "decision", zh: "决定" },
    { metric: "rows-without-weight", en: "weight", zh: "权重" },
    { metric: "rows-without-split", en: "word train or test", zh: "train 或 test 字样" },
  ].flatMap((reason) => {
    const place = lookup.place({ metric: reason.metric });
    const value = place === null ? 0 : (lookup.measures[place]?.value ?? 0);
    return place !== null && value > 0 ? [{ ...reason, place, value }] : [];
  });
  if (reasons.length === 0) return [];
  return [
    {
      id: "left-out",
      verdict: "info",
      severity: "low",
      text: {
        en: `**Some rows are left out.** ${listText(reasons.map(({ value, en }) => `${countText(value)} without a ${en}`)).en}.`,
        "zh-CN": `**有些行未计入。** ${listText(reasons.map(({ value, zh }) => `${countText(value)} 行没有${zh}`))["zh-CN"]}。`,
      },
      measures: reasons.map(({ place }) => place),
    },
  ];
}
