import type { Finding, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { countText, percentText, shareText } from "../../wording/index.ts";
import { type Compared, comparedOf } from "./compared.ts";
import { disparity } from "./disparity.ts";
import { kindsOf } from "./kinds.ts";
import type { Input } from "./settings.ts";

type Context = Pick<AuditContext<Input>, "input" | "plan" | "roles">;

/** Sentences of the audit. It holds no bound of its own: nothing passes or fails here. */
export function judge({ measures }: Pick<Conclusion, "measures">, context: Context): readonly Finding[] {
  const { roles } = context;
  const findings: Finding[] = [];
  const kinds = kindsOf(roles);
  for (const kind of kinds) {
    for (const by of roles.groupings) {
      const id = `${kind.id}.${by.join("+")}`;
      const { categories, unknownOnly } = comparedOf(measures, kind, by);
      findings.push({
        ...disparity(categories, unknownOnly, kind, by, context.input.confidence),
        id,
        figure: id,
        table: id,
      });
      const excluded = exclusion(categories, by, context);
      // Told once: scoring mostly leaves out whom selection leaves out.
      if (excluded && !findings.some((one) => one.text.en === excluded.text.en)) {
        findings.push({ ...excluded, id: `${id}.excluded`, table: id });
      }
    }
  }
  return [...findings, ...unknowns(measures, context), ...sampleNotes(context)];
}

/** Names the categories that the two-per-cent rule leaves out. */
function exclusion(
  categories: readonly Compared[],
  by: readonly string[],
  { input }: Context,
): Omit<Finding, "id"> | null {
  const out = categories.filter(({ ratio }) => ratio.measure.reason?.startsWith("excluded"));
  if (out.length === 0) return null;
  const list = (locale: "en" | "zh-CN"): string =>
    out
      .map(({ label, rate }) => {
        const n = `n = ${countText(rate.measure.n ?? 0)}`;
        return locale === "en" ? `“${label.en}” (${n})` : `“${label["zh-CN"]}”（${n}）`;
      })
      .join(locale === "en" ? ", " : "、");
  const under = shareText(input.exclude_under);
  return {
    verdict: "info",
    severity: "low",
    measures: out.map(({ ratio }) => ratio.index),
    text: {
      en: `**Some categories by ${by.join(" × ")} are left out of the ratios.** ${list("en")}: each holds less than ${under} of the people used, which 6 RCNY § 5-301(d) allows to leave out with a reason; counts and rates are in the table, and nothing is said about parity for these people.`,
      "zh-CN": `**按 ${by.join(" × ")} 有类别未计算影响比。**${list("zh-CN")}：每个类别不足所用人数的 ${under}，6 RCNY § 5-301(d) 允许说明理由后排除；其人数与比率仍列于表中，但对这些人是否持平不作任何判断。`,
    },
  };
}

/** People whose category is unknown, per single column. */
function unknowns(measures: readonly Measure[], { roles }: Context): readonly Finding[] {
  return roles.groupings.flatMap((by): Finding[] => {
    const [name, ...more] = by;
    if (name === undefined || more.length > 0) return [];
    const rows = measures
      .map((measure, index) => ({ measure, index }))
      .filter(({ measure }) => measure.metric === "count" && Object.keys(measure.group ?? {}).join() === name);
    const unknown = rows.find(({ measure }) => measure.group?.[name] === null);
    const people = unknown?.measure.value ?? 0;
    if (!unknown || people === 0) return [];
    const share = percentText(people / rows.reduce((sum, { measure }) => sum + (measure.value ?? 0), 0));
    return [
      {
        id: `unknown.${name}`,
        verdict: "info",
        severity: "low",
        measures: [unknown.index],
        text: {
          en: `**${countText(people)} people (${share}) have an unknown ${name}.** They are counted, as 6 RCNY § 5-303 asks of the summary, and stand in no ratio.`,
          "zh-CN": `**${countText(people)} 人（${share}）的 ${name} 未知。**按 6 RCNY § 5-303 对摘要的要求予以计数，但不计入任何影响比。`,
        },
      },
    ];
  });
}

/** What the numbers stand on: source and dates as given, and what differs from Local Law 144's setting. */
function sampleNotes({ input, plan, roles }: Context): readonly Finding[] {
  const note = (id: string, text: LocalizedText, indexes: readonly number[] = []): Finding => ({
    id,
    verdict: "info",
    severity: "low",
    measures: [...indexes],
    text,
  });
  const given = (value: string): LocalizedText =>
    value === "" ? { en: "not given", "zh-CN": "未提供" } : { en: value, "zh-CN": value };
  const [source, dates, distribution] = [input.data_source, input.data_dates, input.distribution_date].map(given);
  const notes: Finding[] = [];
  const isUnderLaw = plan.policy.some((one) => (typeof one === "string" ? one : one.id) === "nyc-ll144");
  if (isUnderLaw || input.data_source !== "" || input.data_dates !== "" || input.distribution_date !== "") {
    notes.push(
      note("sample", {
        en: `**What the published summary must say.** Source of the data: ${source?.en}; dates of the data: ${dates?.en}; distribution date of the tool: ${distribution?.en}. Under 6 RCNY § 5-301(a) a tool may not be used once more than a year has passed since its latest bias audit, and that audit must be an independent auditor's: this run, made by whoever started it, is not one.`,
        "zh-CN": `**公开摘要必须说明的内容。**数据来源：${source?.["zh-CN"]}；数据日期：${dates?.["zh-CN"]}；工具投入使用日期：${distribution?.["zh-CN"]}。依 6 RCNY § 5-301(a)，距最近一次偏见审计超过一年的工具不得使用，且该审计须由独立审计者进行；由使用者自行启动的本次运行并不是这样的审计。`,
      }),
    );
  }
  if (roles.weight) {
    notes.push(
      note("weights", {
        en: "**Weights are not used here**: selection and scoring rates count applicants, one by one, as the rules do. Weighted rates stand in fairness.group-metrics.",
        "zh-CN": "**此处不使用权重**：选择率与得分率按规则逐人计数。加权的比率见 fairness.group-metrics。",
      }),
    );
  }
  return notes;
}
