import type { Finding, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { plainText, slugsOf } from "../../groups/reading.ts";
import { countText, decimalText, percentText, pText, shareText } from "../../wording/index.ts";
import type { Input } from "./settings.ts";

/** What reports can and cannot tell; said with every finding. */
const limit: LocalizedText = {
  en: "People choose whether to report: this counts reports, not harm.",
  "zh-CN": "是否反馈由当事人自己决定：这里统计的是反馈数，而不是受损害的人数。",
};

/** The number of an overall measure, by its metric. */
function overall(
  measures: readonly Measure[],
  metric: string,
): { readonly at: number; readonly measure: Measure } | null {
  const at = measures.findIndex(
    (one) => one.metric === metric && one.group === undefined && one.by === undefined && one.split === undefined,
  );
  const measure = measures[at];
  return measure === undefined ? null : { at, measure };
}

/** Pure. Reports are told as they are: no bound is set to them, so none of them passes or fails. */
export function judge({ measures }: Conclusion, context: AuditContext<Input>): Finding[] {
  const { roles } = context;
  return [
    ...received(measures, context),
    ...roles.protected.flatMap(({ name }) => byColumn(name, measures, context)),
    ...upheld(measures, context),
  ];
}

function received(measures: readonly Measure[], { input }: AuditContext<Input>): Finding[] {
  const count = overall(measures, "feedback-count");
  const open = overall(measures, "feedback-open-count");
  const rate = overall(measures, "feedback-rate");
  if (count === null || open === null || rate === null) return [];
  const n = count.measure.value ?? 0;
  if (n === 0) {
    return [
      {
        id: "received",
        verdict: "indeterminate",
        severity: "low",
        text: {
          en: "**No report has come in.** That nobody reported does not show that nobody was harmed: people affected may not know of the form, or not dare to use it.",
          "zh-CN": "**尚未收到反馈。** 没有人反馈并不表明没有人受损害：受影响者可能不知道有此表单，或不敢使用。",
        },
        measures: [count.at],
      },
    ];
  }
  const months = measures.flatMap((one) =>
    one.metric === "feedback-count" && one.split !== undefined ? [one.split] : [],
  );
  const [first, last] = [months[0], months.at(-1)];
  const when: LocalizedText =
    first === undefined || last === undefined
      ? { en: "", "zh-CN": "" }
      : first === last
        ? { en: ` in ${first}`, "zh-CN": `（${first}）` }
        : { en: ` from ${first} to ${last}`, "zh-CN": `（${first} 至 ${last}）` };
  const waiting = open.measure.value ?? 0;
  const level = shareText(input.confidence);
  const { value, low, high, n: decisions = 0 } = rate.measure;
  const told: LocalizedText =
    value === null
      ? { en: "", "zh-CN": "" }
      : {
          en: ` That is ${decimalText(value)} per 1,000 decisions (${level} interval ${decimalText(low ?? 0)} to ${decimalText(high ?? 0)}; ${countText(decisions)} decisions in the data).`,
          "zh-CN": `相当于每 1,000 项决定 ${decimalText(value)} 条（${level} 区间 ${decimalText(low ?? 0)} 至 ${decimalText(high ?? 0)}；数据中有 ${countText(decisions)} 项决定）。`,
        };
  return [
    {
      id: "received",
      verdict: "info",
      severity: waiting > 0 ? "medium" : "low",
      text: {
        en: `**${countText(n)} ${n === 1 ? "report has" : "reports have"} come in from people affected**${when.en}${waiting === 0 ? ", all of them decided" : `; ${countText(waiting)} ${waiting === 1 ? "is" : "are"} not decided yet`}.${told.en} ${limit.en}`,
        "zh-CN": `**收到受影响者的反馈 ${countText(n)} 条**${when["zh-CN"]}，${waiting === 0 ? "均已处理" : `其中 ${countText(waiting)} 条尚未处理`}。${told["zh-CN"]}${limit["zh-CN"]}`,
      },
      measures: [count.at, open.at, rate.at],
      figure: "feedback-by-month",
    },
  ];
}

interface Rate {
  readonly at: number;
  readonly name: string;
  readonly measure: Measure;
  readonly value: number;
}

/** Rates of the printed groups that are large enough to be compared, the greatest first. */
function ratesOf(name: string, measures: readonly Measure[], least: number): Rate[] {
  return measures
    .flatMap((measure, at): Rate[] => {
      const group = measure.group?.[name];
      if (measure.metric !== "feedback-rate" || group == null || measure.value === null) return [];
      return (measure.n ?? 0) >= least ? [{ at, name: plainText(group), measure, value: measure.value }] : [];
    })
    .sort((a, b) => b.value - a.value);
}

function byColumn(name: string, measures: readonly Measure[], { input, roles }: AuditContext<Input>): Finding[] {
  const at = measures.findIndex((one) => one.metric === "feedback-rate-difference" && one.by?.[0] === name);
  const gap = measures[at];
  if (gap === undefined || (overall(measures, "feedback-count")?.measure.value ?? 0) === 0) return [];
  const column = plainText(name);
  const slug = slugsOf(roles).get(JSON.stringify([name])) ?? "group";
  const base = { id: `rate-by-${slug}`, figure: `feedback-rate-by-${slug}`, table: `feedback-by-${slug}` };
  const rates = ratesOf(name, measures, input.min_count);
  const [most, least] = [rates[0], rates.at(-1)];
  const level = shareText(input.confidence);
  const alpha = Number((1 - input.confidence).toPrecision(12));
  const p = gap.p_adjusted;
  if (gap.value === null || p === undefined || most === undefined || least === undefined || most === least) {
    const { figure: _, ...rest } = base;
    return [
      {
        ...rest,
        verdict: "indeterminate",
        severity: "low",
        text: {
          en: `**Cannot tell yet whether some groups by ${column} report more often.** ${p === undefined ? "Too few reports tell a group, or too few decisions are of one." : `Too few reports of a group may be printed; over all groups, adjusted ${pText(p)}.`} ${limit.en}`,
          "zh-CN": `**尚不能判断按 ${column} 的某些组是否更常反馈。** ${p === undefined ? "说明所属组的反馈过少，或某组的决定过少。" : `可列出的组反馈过少；就所有组而言，校正后 ${pText(p)}。`}${limit["zh-CN"]}`,
        },
        measures: [at],
      },
    ];
  }
  const size = `${decimalText(gap.value)}`;
  const interval = `${decimalText(gap.low ?? 0)}`;
  const upper = decimalText(gap.high ?? 0);
  const shown = [at, most.at, least.at];
  const numbers: LocalizedText = {
    en: `${most.name}: ${decimalText(most.value)} reports per 1,000 decisions; ${least.name}: ${decimalText(least.value)}; a difference of ${size} (${level} simultaneous interval ${interval} to ${upper}; adjusted ${pText(p)}; n = ${countText(most.measure.n ?? 0)} and ${countText(least.measure.n ?? 0)} decisions, ${countText(gap.n ?? 0)} reports that tell a group).`,
    "zh-CN": `每 1,000 项决定的反馈数：${most.name} ${decimalText(most.value)}，${least.name} ${decimalText(least.value)}，相差 ${size}（${level} 同时区间 ${interval} 至 ${upper}；校正后 ${pText(p)}；决定数 n = ${countText(most.measure.n ?? 0)} 与 ${countText(least.measure.n ?? 0)}，说明所属组的反馈 ${countText(gap.n ?? 0)} 条）。`,
  };
  if (p < alpha) {
    return [
      {
        ...base,
        verdict: "info",
        severity: "medium",
        text: {
          en: `**Some groups by ${column} report more often.** ${numbers.en} Look first at what ${most.name} report; groups may also differ in whether they know of the form, and in whether they say who they are. ${limit.en}`,
          "zh-CN": `**按 ${column}，某些组更常反馈。** ${numbers["zh-CN"]}应先查看 ${most.name} 反馈的内容；各组对表单的知晓程度、是否愿意说明身份也可能不同。${limit["zh-CN"]}`,
        },
        measures: shown,
      },
    ];
  }
  return [
    {
      ...base,
      verdict: "info",
      severity: "low",
      text: {
        en: `**No evidence that groups by ${column} report at different rates.** ${numbers.en} ${limit.en}`,
        "zh-CN": `**没有证据表明按 ${column} 的各组反馈率不同。** ${numbers["zh-CN"]}${limit["zh-CN"]}`,
      },
      measures: shown,
    },
  ];
}

function upheld(measures: readonly Measure[], { input }: AuditContext<Input>): Finding[] {
  const share = overall(measures, "feedback-upheld-share");
  if (share === null || share.measure.value === null || share.measure.n === undefined) return [];
  const { value, low = 0, high = 1, n } = share.measure;
  if (value === null) return [];
  const right = Math.round(value * n);
  const level = shareText(input.confidence);
  return [
    {
      id: "upheld",
      verdict: "info",
      severity: right === 0 ? "low" : low >= 0.5 ? "high" : "medium",
      text: {
        en: `**${right === 0 ? "No report that was decided was found right." : `${countText(right)} of ${countText(n)} decided reports ${right === 1 ? "was" : "were"} found right.`}** That is ${percentText(value)} (${level} interval ${percentText(low)} to ${percentText(high)}). The verdicts are those of the people who run this project, not of this audit.${right > 0 ? " Each of them names a decision that was wrong: look for others made in the same way." : ""}`,
        "zh-CN": `**${right === 0 ? "已处理的反馈均未被认定成立。" : `已处理的 ${countText(n)} 条反馈中，${countText(right)} 条被认定成立。`}** 占 ${percentText(value)}（${level} 区间 ${percentText(low)} 至 ${percentText(high)}）。认定由本项目的负责人员作出，并非本审计的结论。${right > 0 ? "每一条都指出了一项错误的决定：应查找以同样方式作出的其他决定。" : ""}`,
      },
      measures: [share.at],
      table: "feedback-by-decision",
    },
  ];
}
