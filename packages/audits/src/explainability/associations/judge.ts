import type { Finding, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { countText, decimalText, listText, percentText, pText, tidyChinese } from "../../wording/index.ts";
import { reasons, reasonText } from "./reasons.ts";
import type { AssociationsInput } from "./settings.ts";
import { targetWord } from "./target.ts";

/** A share of the decision's entropy from which a driver is strong, and from which it is worth a word. */
const strong = 0.05;
const slight = 0.01;

interface Driver {
  readonly index: number;
  readonly feature: string;
  readonly measure: Measure;
  readonly value: number;
}

export function judgeAssociations(conclusion: Conclusion, context: AuditContext<AssociationsInput>): Finding[] {
  const { measures } = conclusion;
  const { roles, input } = context;
  const level = percentText(input.confidence, 0);
  const what = targetWord(roles);
  // As many digits as the confidence was given with.
  const alpha = Number((1 - input.confidence).toPrecision(12));
  const drivers = measures
    .flatMap((measure, index): Driver[] =>
      measure.metric === "normalized-mutual-information" && measure.value !== null
        ? [{ index, measure, feature: measure.feature ?? "", value: measure.value }]
        : [],
    )
    .sort((a, b) => b.value - a.value);
  const shown = drivers.filter((driver) => (driver.measure.p_adjusted ?? 1) < alpha);
  const findings: Finding[] = [
    ...driverFinding(drivers, shown, what, level, alpha),
    ...protectedFindings(shown, context, conclusion, what, level),
    ...fidelityFinding(measures, conclusion, what, level),
    ...leftOutFindings(measures, what),
  ];
  return findings.map((finding) => ({
    ...finding,
    text: { en: finding.text.en, "zh-CN": tidyChinese(finding.text["zh-CN"]) },
  }));
}

function driverFinding(
  drivers: readonly Driver[],
  shown: readonly Driver[],
  what: LocalizedText,
  level: string,
  alpha: number,
): Finding[] {
  if (drivers.length === 0) return [];
  const head = { figure: "information", table: "information" };
  const first = shown[0];
  if (!first) {
    return [
      {
        id: "drivers",
        verdict: "indeterminate",
        severity: "low",
        text: {
          en: `**No feature is shown to tell of the ${what.en}.** None of ${drivers.length} tells more by itself than shuffling would (adjusted p not below ${alpha}; n = ${countText(drivers[0]?.measure.n ?? 0)}); features may still tell together.`,
          "zh-CN": `**没有特征显示与${what["zh-CN"]}有关。** ${drivers.length} 个特征单独来看都不比随机打乱更能说明${what["zh-CN"]}（校正 p 不小于 ${alpha}；n = ${countText(drivers[0]?.measure.n ?? 0)}）；它们合在一起仍可能有关。`,
        },
        measures: drivers.map((driver) => driver.index),
        ...head,
      },
    ];
  }
  const rest = shown.slice(1, 4);
  const also = {
    en: listText(rest.map((driver) => `${driver.feature} (${percentText(driver.value)})`)).en,
    "zh-CN": listText(rest.map((driver) => `${driver.feature}（${percentText(driver.value)}）`))["zh-CN"],
  };
  const { low = 0, high = 1, p_adjusted = 1, n = 0 } = first.measure;
  return [
    {
      id: "drivers",
      verdict: "info",
      severity: "low",
      text: {
        en: `**The ${what.en} follows ${first.feature} most.** By itself it tells ${percentText(first.value)} of what there is to know of the ${what.en} (${level} interval ${percentText(low)} to ${percentText(high)}; adjusted ${pText(p_adjusted)}; n = ${countText(n)})${rest.length > 0 ? `; then come ${also.en}` : ""}. ${countText(shown.length)} of ${countText(drivers.length)} features tell more than chance. Association is not cause.`,
        "zh-CN": `**${what["zh-CN"]}与 ${first.feature} 的关联最强。** 单凭这一特征可得知${what["zh-CN"]}全部不确定性的 ${percentText(first.value)}（${level} 区间 ${percentText(low)} 至 ${percentText(high)}；校正 ${pText(p_adjusted)}；n = ${countText(n)}）${rest.length > 0 ? `；其次是 ${also["zh-CN"]}` : ""}。${countText(drivers.length)} 个特征中有 ${countText(shown.length)} 个超出偶然。关联不等于因果。`,
      },
      measures: shown.slice(0, 4).map((driver) => driver.index),
      ...head,
    },
  ];
}

/** A protected column among the inputs that moves the decision is worth a person's look, whatever the policy. */
function protectedFindings(
  shown: readonly Driver[],
  { roles }: AuditContext<AssociationsInput>,
  { figures }: Conclusion,
  what: LocalizedText,
  level: string,
): Finding[] {
  const names = new Set(roles.protected.map((role) => role.name));
  const tree = figures.find((figure) => figure.kind === "tree");
  return shown
    .filter((driver) => names.has(driver.feature) && driver.value >= slight)
    .map((driver): Finding => {
      const rank = shown.indexOf(driver) + 1;
      const asked = tree?.nodes.some((node) => node.test?.en.startsWith(`${driver.feature} `)) ?? false;
      const { low = 0, high = 1, p_adjusted = 1, n = 0 } = driver.measure;
      const inTree: LocalizedText = asked
        ? { en: " The tree asks for it.", "zh-CN": " 树中直接用到了它。" }
        : { en: " The tree does without it.", "zh-CN": " 树中没有用到它。" };
      return {
        id: `protected-${driver.feature}`,
        verdict: "info",
        severity: driver.value >= strong || asked ? "high" : "medium",
        text: {
          en: `**The ${what.en} follows ${driver.feature}, a protected column.** It is number ${rank} of the features and tells ${percentText(driver.value)} of what there is to know of the ${what.en} (${level} interval ${percentText(low)} to ${percentText(high)}; adjusted ${pText(p_adjusted)}; n = ${countText(n)}).${inTree.en} See the fairness audits for the gaps between its groups, and ask whether it should be an input at all.`,
          "zh-CN": `**${what["zh-CN"]}与受保护属性 ${driver.feature} 有关。** 在各特征中排第 ${rank}，可得知${what["zh-CN"]}全部不确定性的 ${percentText(driver.value)}（${level} 区间 ${percentText(low)} 至 ${percentText(high)}；校正 ${pText(p_adjusted)}；n = ${countText(n)}）。${inTree["zh-CN"]} 各群体之间的差距见公平性审计；并请考虑它是否应当作为输入。`,
        },
        measures: [driver.index],
        figure: asked ? "tree" : "information",
        table: "information",
      };
    });
}

function fidelityFinding(
  measures: readonly Measure[],
  { figures }: Conclusion,
  what: LocalizedText,
  level: string,
): Finding[] {
  const at = (metric: string): number => measures.findIndex((measure) => measure.metric === metric);
  const [fidelity, baseline, gain] = [
    measures[at("surrogate-fidelity")],
    measures[at("surrogate-baseline")],
    measures[at("surrogate-fidelity-gain")],
  ];
  if (fidelity?.value == null || baseline?.value == null || gain?.value == null) return [];
  const tree = figures.find((figure) => figure.kind === "tree");
  const leaves = tree ? tree.nodes.filter((node) => !tree.nodes.some((other) => other.parent === node.id)).length : 1;
  const rules = { figure: "tree", table: "rules" };
  const indexes = [at("surrogate-fidelity"), at("surrogate-baseline"), at("surrogate-fidelity-gain")];
  if (leaves < 2) {
    return [
      {
        id: "tree",
        verdict: "indeterminate",
        severity: "low",
        text: {
          en: `**No question sorts the ${what.en}s.** No split of any feature stood out from chance, so the tree always gives the commoner ${what.en}, which agrees with ${percentText(baseline.value)} of ${countText(fidelity.n ?? 0)} held-out rows.`,
          "zh-CN": `**没有问题能区分${what["zh-CN"]}。** 任何特征的划分都没有明显超出偶然，因此树总是给出较常见的${what["zh-CN"]}，与 ${countText(fidelity.n ?? 0)} 个留出行中的 ${percentText(baseline.value)} 一致。`,
        },
        measures: indexes,
        ...rules,
      },
    ];
  }
  const points = (value: number | undefined): string => decimalText((value ?? 0) * 100, 1);
  const adds = (gain.low ?? -1) > 0;
  const high = fidelity.value >= 0.9;
  const meaning: LocalizedText = high
    ? { en: " Nearly all of it can be told in these rules.", "zh-CN": " 几乎全部都可以用这些规则说清。" }
    : adds
      ? {
          en: " The rest rests on what these questions do not ask.",
          "zh-CN": " 其余部分取决于这些问题没有涉及的因素。",
        }
      : { en: " That is no more than a constant answer gives.", "zh-CN": " 这并不优于固定答案。" };
  return [
    {
      id: "tree",
      verdict: adds ? "info" : "indeterminate",
      severity: "low",
      text: {
        en: `**A tree of ${leaves} rules reproduces ${percentText(fidelity.value)} of held-out ${what.en}s.** (${level} interval ${percentText(fidelity.low ?? 0)} to ${percentText(fidelity.high ?? 1)}; n = ${countText(fidelity.n ?? 0)}.) Always giving the commoner ${what.en} reproduces ${percentText(baseline.value)}: a gain of ${points(gain.value)} points (${points(gain.low)} to ${points(gain.high)}; ${pText(gain.p ?? 1)}).${meaning.en}`,
        "zh-CN": `**一棵有 ${leaves} 条规则的树可再现留出行中 ${percentText(fidelity.value)} 的${what["zh-CN"]}。**（${level} 区间 ${percentText(fidelity.low ?? 0)} 至 ${percentText(fidelity.high ?? 1)}；n = ${countText(fidelity.n ?? 0)}。）始终给出较常见的${what["zh-CN"]}可再现 ${percentText(baseline.value)}：提升 ${points(gain.value)} 个百分点（${points(gain.low)} 至 ${points(gain.high)}；${pText(gain.p ?? 1)}）。${meaning["zh-CN"]}`,
      },
      measures: indexes,
      ...rules,
    },
  ];
}

function leftOutFindings(measures: readonly Measure[], what: LocalizedText): Finding[] {
  const findings: Finding[] = [];
  const missing = measures.findIndex((measure) => measure.metric === "missing-count");
  const rows = measures[missing]?.value ?? 0;
  if (rows > 0) {
    findings.push({
      id: "missing",
      verdict: "info",
      severity: "low",
      text: {
        en: `**${countText(rows)} rows without a ${what.en} are left out.** Missing values of features are a bin of their own.`,
        "zh-CN": `**有 ${countText(rows)} 行缺少${what["zh-CN"]}，未计入。** 特征的缺失值自成一箱。`,
      },
      measures: [missing],
    });
  }
  const unknown = measures.flatMap((measure, index) =>
    measure.metric === "mutual-information" && measure.value === null ? [{ measure, index }] : [],
  );
  if (unknown.length > 0) {
    const names = listText(unknown.map(({ measure }) => measure.feature ?? ""));
    const same = unknown.every(({ measure }) => measure.reason === reasons.oneDecision.en);
    const sentences = whySentences(unknown.map(({ measure }) => measure));
    findings.push({
      id: "features-left-out",
      verdict: "indeterminate",
      severity: same ? "medium" : "low",
      text: same
        ? {
            en: `**Every ${what.en} is the same.** There is nothing for a feature to tell; check which value counts as positive.`,
            "zh-CN": `**所有${what["zh-CN"]}都相同。** 因此没有特征能说明什么；请检查哪个取值算作“正”。`,
          }
        : {
            en: `**Not measured: ${names.en}.** ${sentences.map((one) => one.en).join(" ")} Nothing is said of what they tell of the ${what.en}.`,
            "zh-CN": `**未能衡量：${names["zh-CN"]}。** ${sentences.map((one) => one["zh-CN"]).join("")}至于它们与${what["zh-CN"]}是否有关，不作任何判断。`,
          },
      measures: unknown.map(({ index }) => index),
      table: "information",
    });
  }
  return findings;
}

/** `f and g: constant.` for every reason, with the features it holds of. */
function whySentences(measures: readonly Measure[]): LocalizedText[] {
  const byReason = new Map<string, string[]>();
  for (const { reason = "", feature = "" } of measures)
    byReason.set(reason, [...(byReason.get(reason) ?? []), feature]);
  return [...byReason].map(([reason, features]) => {
    const names = listText(features);
    const why = reasonText(reason);
    return { en: `${names.en}: ${why.en}.`, "zh-CN": `${names["zh-CN"]}：${why["zh-CN"]}。` };
  });
}
