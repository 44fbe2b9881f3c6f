import type { Finding, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { countText, decimalText, listText, percentText, shareText, tidyChinese } from "../../wording/index.ts";
import { msText } from "./figures.ts";
import type { LatencyInput } from "./settings.ts";

/** A first call that takes this many times the median is told. */
const slowStart = 3;
/** A tail this many times the median is told. */
const longTail = 3;

interface Placed {
  readonly index: number;
  readonly measure: Measure;
}

export function judgeLatency(conclusion: Conclusion, context: AuditContext<LatencyInput>): readonly Finding[] {
  const { measures } = conclusion;
  const placed = measures.map((measure, index): Placed => ({ index, measure }));
  const overall = (metric: string): Placed | undefined =>
    placed.find(({ measure }) => measure.metric === metric && measure.split === undefined);
  const findings: Finding[] = [
    ...speedFinding(overall, context.input),
    ...throughputFinding(placed, conclusion, context.input),
    ...startFinding(overall),
    ...tailFinding(overall),
    ...roofFinding(conclusion),
    ...unsteadyFinding(conclusion),
    ...fewFinding(placed),
    ...absentFinding(conclusion),
  ];
  return findings.map((finding) => ({
    ...finding,
    text: { en: finding.text.en, "zh-CN": tidyChinese(finding.text["zh-CN"]) },
  }));
}

type Overall = (metric: string) => Placed | undefined;

function spanText({ low, high }: Measure, level: string): LocalizedText {
  if (low === undefined || high === undefined) return { en: "", "zh-CN": "" };
  return {
    en: ` (${level} interval ${msText(low)} to ${msText(high)})`,
    "zh-CN": `（${level} 区间 ${msText(low)} 至 ${msText(high)}）`,
  };
}

function speedFinding(overall: Overall, input: LatencyInput): Finding[] {
  const median = overall("latency-ms");
  if (!median) return [];
  if (median.measure.value === null) {
    return [
      {
        id: "speed",
        verdict: "indeterminate",
        severity: "medium",
        text: {
          en: `**How long a call takes cannot be told.** Too few calls could be made, or none: ${median.measure.reason}.`,
          "zh-CN": `**无法判断一次调用需要多久。** 未能完成足够的调用：${median.measure.reason}。`,
        },
        measures: [median.index],
        table: "machine",
      },
    ];
  }
  const batch = input.batches[0] ?? 1;
  const rows =
    batch === 1
      ? { en: "one row", "zh-CN": "一行" }
      : { en: `${countText(batch)} rows`, "zh-CN": ` ${countText(batch)} 行` };
  const level = shareText(input.confidence);
  const span = spanText(median.measure, level);
  const p95 = overall("latency-p95-ms");
  const rest =
    p95?.measure.value === undefined || p95.measure.value === null
      ? { en: "", "zh-CN": "" }
      : {
          en: ` 95 of 100 calls take ${msText(p95.measure.value)} at most${spanText(p95.measure, level).en}.`,
          "zh-CN": `100 次调用中有 95 次不超过 ${msText(p95.measure.value)}${spanText(p95.measure, level)["zh-CN"]}。`,
        };
  return [
    {
      id: "speed",
      verdict: "info",
      severity: "low",
      text: {
        en: `**A call about ${rows.en} takes ${msText(median.measure.value)} at the median.** It holds on this machine${span.en}, n = ${countText(median.measure.n ?? 0)} calls.${rest.en}`,
        "zh-CN": `**一次调用（${rows["zh-CN"]}）的耗时中位数为 ${msText(median.measure.value)}。** 这是在本机上的结果${span["zh-CN"]}，n = ${countText(median.measure.n ?? 0)} 次调用。${rest["zh-CN"]}`,
      },
      measures: [median.index, ...(p95 ? [p95.index] : [])],
      figure: "times",
      table: "calls",
    },
  ];
}

/** The fastest batch size, where its interval lies above the first one's. */
function throughputFinding(placed: readonly Placed[], { figures }: Conclusion, input: LatencyInput): Finding[] {
  const rates = placed.filter(({ measure }) => measure.metric === "rows-per-second" && measure.value !== null);
  const first = rates.find(({ measure }) => measure.split === undefined);
  const best = [...rates].sort((a, b) => (b.measure.value ?? 0) - (a.measure.value ?? 0))[0];
  if (!first || !best || best === first || !figures.some((figure) => figure.id === "throughput")) return [];
  if ((best.measure.low ?? 0) <= (first.measure.high ?? 0)) return [];
  const times = (best.measure.value ?? 0) / (first.measure.value ?? 1);
  const factor = decimalText(times, times < 10 ? 1 : 0);
  const size = input.batches[0] ?? 1;
  const split = best.measure.split ?? "";
  return [
    {
      id: "throughput",
      verdict: "info",
      severity: "low",
      text: {
        en: `**In calls of ${split} the model does ${countText(best.measure.value ?? 0)} rows a second, ${factor} times as many as in calls of ${countText(size)}.** Gather rows where an answer may wait for others.`,
        "zh-CN": `**以 ${split.replace("batch", "批量")} 调用，每秒可处理 ${countText(best.measure.value ?? 0)} 行，是每次 ${countText(size)} 行时的 ${factor} 倍。** 若结果可以稍等，不妨成批处理。`,
      },
      measures: [best.index, first.index],
      figure: "throughput",
      table: "calls",
    },
  ];
}

function startFinding(overall: Overall): Finding[] {
  const [first, median] = [overall("first-call-ms"), overall("latency-ms")];
  const [own, usual] = [first?.measure.value ?? null, median?.measure.value ?? null];
  if (!first || !median || own === null || usual === null || own < slowStart * usual) return [];
  const times = decimalText(own / usual, 0);
  return [
    {
      id: "first-call",
      verdict: "info",
      severity: "low",
      text: {
        en: `**The first call takes ${msText(own)}, ${times} times the median.** It loads and compiles; where a service starts anew for every request, this is what people wait for.`,
        "zh-CN": `**首次调用耗时 ${msText(own)}，为中位数的 ${times} 倍。** 其中包含加载与编译；若服务每次请求都重新启动，用户等待的就是这个时间。`,
      },
      measures: [first.index, median.index],
      table: "calls",
    },
  ];
}

function tailFinding(overall: Overall): Finding[] {
  const [tail, median, slowest] = [overall("latency-p99-ms"), overall("latency-ms"), overall("slowest-call-ms")];
  const [own, usual] = [tail?.measure.value ?? null, median?.measure.value ?? null];
  if (!tail || !median || !slowest || own === null || usual === null || own < longTail * usual) return [];
  return [
    {
      id: "tail",
      verdict: "info",
      severity: "medium",
      text: {
        en: `**One call in a hundred takes ${msText(own)} or more, ${decimalText(own / usual, 1)} times the median.** The slowest took ${msText(slowest.measure.value ?? own)}. Other programs on the machine, collected memory or a slower clock do this; nothing is left out for it.`,
        "zh-CN": `**每百次调用约有一次耗时达到或超过 ${msText(own)}，为中位数的 ${decimalText(own / usual, 1)} 倍。** 最慢一次为 ${msText(slowest.measure.value ?? own)}。机器上的其他程序、内存回收或降频都会造成这种情况；这些调用没有被剔除。`,
      },
      measures: [tail.index, median.index, slowest.index],
      figure: "times",
      table: "calls",
    },
  ];
}

function roofFinding({ tables, measures }: Conclusion): Finding[] {
  const rows = tables.find((table) => table.id === "roofline")?.rows ?? [];
  const best = [...rows].sort((a, b) => Number(b.cells.at(-1)) - Number(a.cells.at(-1)))[0];
  if (!best) return [];
  const share = Number(best.cells.at(-1));
  const size = countText(Number(best.cells[1]));
  const percent = share > 1 ? `${decimalText(share * 100, 0)} %` : percentText(share, 0);
  const rates = measures.flatMap((measure, index) => (measure.metric === "rows-per-second" ? [index] : []));
  return [
    {
      id: "roofline",
      verdict: "info",
      severity: "low",
      text: {
        en: `**At best the model reaches ${percent} of what ${String(best.cells[0])} does in a trial.** It does so in calls of ${size} rows; what is missing goes into calling, moving and reshaping, not into the model's own products.`,
        "zh-CN": `**模型最多达到 ${String(best.cells[0])} 短测能力的 ${percent}。** 此时每次调用 ${size} 行；差距来自调用、搬运与整理数据，而不是模型本身的乘加。`,
      },
      measures: rates,
      table: "roofline",
    },
  ];
}

function unsteadyFinding({ tables, measures }: Conclusion): Finding[] {
  const rows = (tables.find((table) => table.id === "calls")?.rows ?? []).filter((row) => row.cells.at(-1) !== null);
  if (rows.length === 0) return [];
  const names = listText(rows.map((row) => String(row.cells[0])));
  return [
    {
      id: "unsteady",
      verdict: "indeterminate",
      severity: "low",
      text: {
        en: `**The pace still changed in calls of ${names.en}.** Either they are too few, or the machine is shared or changes its clock; another run may give other numbers than its interval says.`,
        "zh-CN": `**${names["zh-CN"].replaceAll("batch", "批量")} 的调用耗时尚未稳定。** 可能是次数太少，也可能是机器被共用或在变频；再次运行所得数字可能超出所给区间。`,
      },
      measures: measures.flatMap((measure, index) => (measure.metric === "latency-ms" ? [index] : [])),
      table: "calls",
    },
  ];
}

function fewFinding(placed: readonly Placed[]): Finding[] {
  const open = placed.filter(
    ({ measure }) => measure.metric.startsWith("latency-p") && measure.value === null && measure.n !== undefined,
  );
  if (open.length === 0) return [];
  const names = listText([
    ...new Set(open.map(({ measure }) => `${measure.metric.slice(8, 11)}${measure.split ? `, ${measure.split}` : ""}`)),
  ]);
  return [
    {
      id: "too-few",
      verdict: "indeterminate",
      severity: "low",
      text: {
        en: `**Too few calls for every quantile.** No interval can be given for ${names.en}; more seconds give more calls.`,
        "zh-CN": `**部分分位数的调用次数不足。** 无法给出区间：${names["zh-CN"].replaceAll("batch", "批量")}；增加秒数可得到更多调用。`,
      },
      measures: open.map(({ index }) => index),
      table: "calls",
    },
  ];
}

function absentFinding({ tables }: Conclusion): Finding[] {
  const rows = tables.find((table) => table.id === "absent")?.rows ?? [];
  if (rows.length === 0) return [];
  const names = listText(rows.map((row) => String(row.cells[0])));
  return [
    {
      id: "absent",
      verdict: "indeterminate",
      severity: "low",
      text: {
        en: `**Not measured: ${names.en}.** ${rows.length === 1 ? "The device is" : "These devices are"} not here, or cannot run the model; nothing was measured in their place.`,
        "zh-CN": `**未能测量：${names["zh-CN"]}。** 设备不存在或无法运行该模型；没有用其他设备代替。`,
      },
      measures: [],
      table: "absent",
    },
  ];
}
