import type { Finding, Measure } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { figureId, plainText, slugsOf } from "../../groups/reading.ts";
import { countText, listText, percentText, pText } from "../../wording/index.ts";
import { reasonText } from "./reasons.ts";
import type { Input } from "./settings.ts";

/** A share of the column's entropy from which a feature all but names the group, and from which it is worth a word. */
const strong = 0.25;
const slight = 0.05;

interface Proxy {
  readonly at: number;
  readonly measure: Measure;
  readonly value: number;
}

/** Which features give a protected column away. */
export function judgeProxies(measures: readonly Measure[], context: AuditContext<Input>): Finding[] {
  return context.roles.protected.flatMap(({ name }) => ofColumn(name, measures, context));
}

function ofColumn(name: string, measures: readonly Measure[], { roles, input }: AuditContext<Input>): Finding[] {
  const slugs = slugsOf(roles);
  const slug = slugs.get(JSON.stringify([name])) ?? "group";
  const all = [...measures.entries()].filter(
    ([, { metric, by }]) => metric === "normalized-mutual-information" && by?.[0] === name,
  );
  const found = all
    .flatMap(([at, measure]): Proxy[] => (measure.value === null ? [] : [{ at, measure, value: measure.value }]))
    .sort((a, b) => b.value - a.value);
  const column = plainText(name);
  const first = found[0];
  if (!first) {
    const [reason] = new Set(all.map(([, measure]) => measure.reason ?? ""));
    if (reason === undefined) return [];
    const why = reasonText(reason);
    return [
      {
        id: `proxies-by-${slug}`,
        verdict: "indeterminate",
        severity: "low",
        text: {
          en: `**Cannot tell what gives ${column} away.** No feature could be measured: ${why.en}.`,
          "zh-CN": `**无法判断哪些特征透露 ${column}。** 没有特征可以衡量：${why["zh-CN"]}。`,
        },
        measures: all.map(([at]) => at),
        table: `proxies-by-${slug}`,
      },
    ];
  }
  const head = { figure: figureId("proxies", [name], slugs), table: `proxies-by-${slug}` };
  const alpha = Number((1 - input.confidence).toPrecision(12));
  const shown = found.filter(({ measure }) => (measure.p_adjusted ?? 1) < alpha);
  const best = shown[0];
  if (!best) {
    return [
      {
        id: `proxies-by-${slug}`,
        verdict: "indeterminate",
        severity: "low",
        text: {
          en: `**No feature is shown to give ${column} away.** None of ${countText(found.length)} tells more than chance would (adjusted p not below ${alpha}; n = ${countText(first.measure.n ?? 0)}); several together still may.`,
          "zh-CN": `**没有特征显示会透露 ${column}。** ${countText(found.length)} 个特征都不比偶然更能说明问题（校正 p 不小于 ${alpha}；n = ${countText(first.measure.n ?? 0)}）；几个合在一起仍有可能。`,
        },
        measures: found.map(({ at }) => at),
        ...head,
      },
    ];
  }
  const level = percentText(input.confidence, 0);
  const place = measures.findIndex(({ metric, by }) => metric === "proxy-strength" && by?.[0] === name);
  const { low = 0, high = 1, n = 0, p_adjusted = 1 } = best.measure;
  const feature = plainText(best.measure.feature ?? "");
  const rest = shown.slice(1, 4).map((one) => {
    const text = plainText(one.measure.feature ?? "");
    return { en: `${text} (${percentText(one.value)})`, zh: `${text}（${percentText(one.value)}）` };
  });
  const also = {
    en: rest.length > 0 ? `; then come ${listText(rest.map(({ en }) => en)).en}` : "",
    zh: rest.length > 0 ? `；其次是 ${listText(rest.map(({ zh }) => zh))["zh-CN"]}` : "",
  };
  const little = best.value < slight;
  const advice = little
    ? {
        en: "None stands in for the column by itself; several together may.",
        "zh-CN": "单个特征还不足以代替该列，几个合在一起则仍有可能。",
      }
    : {
        en: "Leaving the column out of a model does not keep it from the decision.",
        "zh-CN": "模型不使用该列，并不能使决定与它无关。",
      };
  return [
    {
      id: `proxies-by-${slug}`,
      verdict: "info",
      severity: low >= strong ? "high" : little ? "low" : "medium",
      text: {
        en: `**${feature} ${low >= strong ? "gives" : little ? "hardly gives" : "partly gives"} ${column} away.** By itself it takes away ${percentText(best.value)} of the uncertainty about ${column} (${level} interval ${percentText(low)} to ${percentText(high)}; adjusted ${pText(p_adjusted)}; n = ${countText(n)})${also.en}. ${countText(shown.length)} of ${countText(found.length)} features tell more than chance. ${advice.en}`,
        "zh-CN": `**${feature} ${low >= strong ? "在很大程度上" : little ? "略微" : "部分"}透露 ${column}。** 单凭该特征可消除 ${column} 不确定性的 ${percentText(best.value)}（${level} 区间 ${percentText(low)} 至 ${percentText(high)}；校正后 ${pText(p_adjusted)}；n = ${countText(n)}）${also.zh}。${countText(found.length)} 个特征中有 ${countText(shown.length)} 个超出偶然。${advice["zh-CN"]}`,
      },
      measures: [...shown.slice(0, 4).map(({ at }) => at), ...(place >= 0 ? [place] : [])],
      ...head,
    },
  ];
}
