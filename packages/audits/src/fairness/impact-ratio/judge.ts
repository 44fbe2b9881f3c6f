import type { Finding, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { criticalValue } from "../../statistics/index.ts";
import { countText, decimalText, percentText, pText, shareText } from "../../wording/index.ts";
import { fourFifths } from "./figures.ts";
import { groupLabel, kindsOf, type RateKind } from "./kinds.ts";
import type { Input } from "./settings.ts";

type Context = Pick<AuditContext<Input>, "input" | "roles">;
interface Row {
  readonly measure: Measure;
  readonly index: number;
}
/** A category's ratio with its rate. */
interface Compared {
  readonly label: LocalizedText;
  readonly ratio: Row;
  readonly rate: Row;
}

/** Sentences of the audit. It holds no bound of its own: nothing passes or fails here. */
export function judge(
  { measures, figures, tables }: Pick<Conclusion, "measures" | "figures" | "tables">,
  context: Context,
): readonly Finding[] {
  const { roles } = context;
  const shown = new Set(figures.map((figure) => figure.id));
  const findings: Finding[] = [];
  const kinds = kindsOf(roles);
  for (const kind of kinds) {
    for (const by of roles.groupings) {
      const id = `${kind.id}.${by.join("+")}`;
      const place = {
        ...(shown.has(id) && { figure: id }),
        ...(tables.some((table) => table.id === id) && { table: id }),
      };
      const categories = comparedOf(measures, kind, by);
      findings.push({ ...disparity(categories, kind, by, context), id, ...place });
      const excluded = exclusion(categories, by, context);
      // Told once: scoring mostly leaves out whom selection leaves out.
      if (excluded && !findings.some((one) => one.text.en === excluded.text.en)) {
        findings.push({ ...excluded, id: `${id}.excluded`, ...(place.table && { table: place.table }) });
      }
    }
  }
  return [...findings, ...unknowns(measures, context), ...sampleNotes(context)];
}

function comparedOf(measures: readonly Measure[], kind: RateKind, by: readonly string[]): readonly Compared[] {
  const rows = measures.map((measure, index): Row => ({ measure, index }));
  const isOf = ({ measure }: Row, metric: string): boolean =>
    measure.metric === metric &&
    measure.group !== undefined &&
    Object.keys(measure.group).length === by.length &&
    by.every((name) => typeof measure.group?.[name] === "string");
  return rows.flatMap((ratio) => {
    if (!isOf(ratio, kind.ratio)) return [];
    const rate = rows.find(
      (row) => isOf(row, kind.rate) && by.every((name) => row.measure.group?.[name] === ratio.measure.group?.[name]),
    );
    return rate ? [{ label: groupLabel(ratio.measure.group ?? {}), ratio, rate }] : [];
  });
}

function disparity(
  categories: readonly Compared[],
  kind: RateKind,
  by: readonly string[],
  { input }: Context,
): Omit<Finding, "id"> {
  const name = by.join(" × ");
  const lowest = categories
    .filter(({ ratio }) => ratio.measure.value !== null && ratio.measure.p !== undefined)
    .reduce<Compared | null>(
      (worst, one) =>
        worst === null || (one.ratio.measure.value ?? 1) < (worst.ratio.measure.value ?? 1) ? one : worst,
      null,
    );
  const highest = categories.find(({ ratio }) => ratio.measure.value === 1 && ratio.measure.p === undefined);
  if (!lowest || !highest) {
    const reason = categories.some(({ rate }) => (rate.measure.value ?? 0) > 0)
      ? { en: "Fewer than two categories can be compared", "zh-CN": "可比较的类别不足两个" }
      : { en: `Nobody is known to ${kind.verb.en}`, "zh-CN": `没有人${kind.verb["zh-CN"]}` };
    return {
      verdict: "indeterminate",
      severity: "low",
      measures: categories.map(({ ratio }) => ratio.index),
      text: {
        en: `**Cannot tell by ${name}.** ${reason.en}.`,
        "zh-CN": `**尚不能按 ${name} 判断。**${reason["zh-CN"]}。`,
      },
    };
  }
  const { value, low = 0, high = Number.POSITIVE_INFINITY, p_adjusted: p = 1 } = lowest.ratio.measure;
  const ratio = value ?? 1;
  const percent = shareText(input.confidence);
  const upper = Number.isFinite(high) ? decimalText(high) : "∞";
  const rates = [lowest, highest].map(({ rate }) => percentText(rate.measure.value ?? 0));
  const counts = [lowest, highest].map(({ rate }) => countText(rate.measure.n ?? 0));
  const numbers: LocalizedText = {
    en: `${rates[0]} of “${lowest.label.en}” ${kind.verb.en} and ${rates[1]} of “${highest.label.en}”, an impact ratio of ${decimalText(ratio)} (${percent} interval ${decimalText(low)} to ${upper}; Fisher's exact test, adjusted ${pText(p)}; n = ${counts[0]} and ${counts[1]}).`,
    "zh-CN": `“${lowest.label["zh-CN"]}”中有 ${rates[0]} 的人${kind.verb["zh-CN"]}，“${highest.label["zh-CN"]}”中为 ${rates[1]}，影响比为 ${decimalText(ratio)}（${percent} 区间 ${decimalText(low)} 至 ${upper}；Fisher 精确检验，校正后 ${pText(p)}；n = ${counts[0]} 与 ${counts[1]}）。`,
  };
  const common = { measures: [lowest.ratio.index, lowest.rate.index, highest.rate.index] };
  const what =
    kind.id === "selection"
      ? { en: "Selection", "zh-CN": "获得有利决定的机会", short: "选择" }
      : { en: "Scoring", "zh-CN": "得分", short: "得分" };
  if (!kind.wanted) {
    return {
      ...common,
      verdict: "info",
      severity: "low",
      text: {
        en: `**High scores fall unevenly by ${name}.** ${numbers.en} The plan's favourable decision is the negative one, so a high score is not wanted here: the highest rate belongs to the category worst off, and four fifths does not apply.`,
        "zh-CN": `**高分在 ${name} 各类别间分布不均。**${numbers["zh-CN"]}计划中的有利决定是负类，因此高分在这里并非好事：得分率最高的类别处境最差，五分之四规则不适用。`,
      },
    };
  }
  if (high < fourFifths) {
    return {
      ...common,
      verdict: "info",
      severity: "high",
      text: {
        en: `**${what.en} differs by ${name}.** ${numbers.en} The whole interval lies under four fifths, the rule of thumb of the EEOC's guidance (29 CFR 1607.4(D)); Local Law 144 sets no line. Look for what in the process causes it, and whether it is needed for the job.`,
        "zh-CN": `**${what["zh-CN"]}因 ${name} 而异。**${numbers["zh-CN"]}整个区间低于五分之四，即 EEOC 指南（29 CFR 1607.4(D)）的经验法则；第 144 号地方法并未设定界线。应查明流程中的原因，以及它是否为该职位所必需。`,
      },
    };
  }
  if (low < fourFifths) {
    const telling = clearlyUnder(lowest, highest, input.confidence);
    return {
      ...common,
      verdict: "indeterminate",
      severity: "medium",
      text: {
        en: `**Cannot tell yet whether ${what.en.toLowerCase()} by ${name} lies under four fifths.** ${numbers.en} Four fifths is the rule of thumb of the EEOC's guidance (29 CFR 1607.4(D)); Local Law 144 sets no line. With this many people a ratio shows as clearly under it only below about ${decimalText(telling)}.`,
        "zh-CN": `**尚不能判断按 ${name} 的${what.short}影响比是否低于五分之四。**${numbers["zh-CN"]}五分之四是 EEOC 指南（29 CFR 1607.4(D)）的经验法则，第 144 号地方法并未设定界线。以目前的人数，影响比大约低于 ${decimalText(telling)} 时才能看出明显低于该线。`,
      },
    };
  }
  return {
    ...common,
    verdict: "info",
    severity: "low",
    text: {
      en: `**${what.en} by ${name} lies under four fifths for no category compared.** The lowest: ${numbers.en} Four fifths is the rule of thumb of the EEOC's guidance (29 CFR 1607.4(D)); Local Law 144 sets no line.`,
      "zh-CN": `**按 ${name} 比较，${what.short}影响比均不低于五分之四。**最低者：${numbers["zh-CN"]}五分之四是 EEOC 指南（29 CFR 1607.4(D)）的经验法则，第 144 号地方法并未设定界线。`,
    },
  };
}

/** The estimate whose interval just stays under four fifths at these sizes, on the log scale of Katz et al. (1978). */
function clearlyUnder(lowest: Compared, highest: Compared, confidence: number): number {
  const top = highest.rate.measure.value ?? 0;
  const rate = Math.max(fourFifths * top, Number.EPSILON);
  const n = Math.max(1, lowest.rate.measure.n ?? 1);
  const m = Math.max(1, highest.rate.measure.n ?? 1);
  const error = Math.sqrt((1 - rate) / (n * rate) + (1 - top) / (m * Math.max(top, Number.EPSILON)));
  return fourFifths * Math.exp(-criticalValue(confidence) * error);
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
function sampleNotes({ input, roles }: Context): readonly Finding[] {
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
  const notes = [
    note("sample", {
      en: `**What the published summary must say.** Source of the data: ${source?.en}; dates of the data: ${dates?.en}; distribution date of the tool: ${distribution?.en}. Under 6 RCNY § 5-301(a) a tool may not be used once more than a year has passed since its latest bias audit, and that audit must be an independent auditor's: this run, made by whoever started it, is not one.`,
      "zh-CN": `**公开摘要必须说明的内容。**数据来源：${source?.["zh-CN"]}；数据日期：${dates?.["zh-CN"]}；工具投入使用日期：${distribution?.["zh-CN"]}。依 6 RCNY § 5-301(a)，距最近一次偏见审计超过一年的工具不得使用，且该审计须由独立审计者进行；由使用者自行启动的本次运行并不是这样的审计。`,
    }),
  ];
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
