import type { Finding, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { countText, decimalText, listText, percentText, tidyChinese } from "../../wording/index.ts";
import { sizeText } from "./size-text.ts";

/** What the weights fit, smallest first. Buffers: WebGPU's default limits; memory: 32-bit addresses of WebAssembly. */
const places = [
  {
    bytes: 2 ** 20,
    en: "they fit the second-level cache of one core of most processors, so that every row finds them there",
    "zh-CN": "可放入多数处理器单个核心的二级缓存，每行都能直接命中",
  },
  {
    bytes: 2 ** 27,
    en: "they fit one storage buffer of any browser's WebGPU (128 MiB by default), and no core's second-level cache",
    "zh-CN": "可放入任何浏览器 WebGPU 的单个存储缓冲区（默认上限 128 MiB），但放不进核心的二级缓存",
  },
  {
    bytes: 2 ** 32,
    en: "a browser takes them in WebAssembly's memory (4 GiB), and on WebGPU in several buffers only",
    "zh-CN": "浏览器可用 WebAssembly 内存（4 GiB）装下，在 WebGPU 上则须分成多个缓冲区",
  },
] as const;
const beyond = {
  en: "they are beyond the 4 GiB that WebAssembly addresses: no browser takes them whole",
  "zh-CN": "超出 WebAssembly 可寻址的 4 GiB，浏览器无法整体装载",
} as const;

/** Below this many operations a byte, processors and cards of today wait for memory. */
const balance = 10;

export function judgeProfile(conclusion: Conclusion, { model }: AuditContext<object>): readonly Finding[] {
  const { measures, figures, tables } = conclusion;
  const find = (metric: string): { index: number; measure: Measure | undefined } => {
    const index = measures.findIndex((measure) => measure.metric === metric);
    return { index, measure: measures[index] };
  };
  const shown = figures.length > 0 ? { figure: "work", table: "layers" } : { table: "layers" };
  const findings: Finding[] = [
    ...costFinding(find, conclusion, shown, model?.profile?.per ?? null),
    ...memoryFinding(find),
    ...intensityFinding(find),
    ...openFinding(find, tables),
  ];
  return findings.map((finding) => ({
    ...finding,
    text: { en: finding.text.en, "zh-CN": tidyChinese(finding.text["zh-CN"]) },
  }));
}

type Find = (metric: string) => { readonly index: number; readonly measure: Measure | undefined };

function costFinding(
  find: Find,
  conclusion: Conclusion,
  shown: { readonly figure?: string; readonly table: string },
  per: LocalizedText | null,
): Finding[] {
  const parameters = find("parameters");
  const products = find("multiply-accumulates");
  const [mean, most] = [find("comparisons"), find("most-comparisons")];
  const count = countText(parameters.measure?.value ?? 0);
  const heaviest = heaviestText(conclusion);
  const base = { id: "cost", verdict: "info", severity: "low", ...shown } as const;
  if (mean.measure?.value !== undefined && mean.measure.value !== null) {
    const [on, at] = [countText(mean.measure.value), countText(most.measure?.value ?? 0)];
    return [
      {
        ...base,
        text: {
          en: `**A row meets ${on} tests of tree nodes on the mean, ${at} at most.** ${count} thresholds, leaf values and other weights are learned.`,
          "zh-CN": `**一行平均经过 ${on} 次树节点判断，最多 ${at} 次。** 共有 ${count} 个学得的阈值、叶值等参数。`,
        },
        measures: [mean.index, most.index, parameters.index],
      },
    ];
  }
  if (products.measure?.value === undefined || products.measure.value === null) return [];
  const each = countText(products.measure.value);
  // Rows that differ in what they cost: the number speaks of one such row.
  const row =
    per === null ? { en: "A row", "zh-CN": "处理一行" } : { en: capital(per.en), "zh-CN": `处理${per["zh-CN"]}` };
  return [
    {
      ...base,
      text: {
        en: `**${row.en} costs ${each} multiply-accumulates.** The model has ${count} parameters.${heaviest.en}`,
        "zh-CN": `**${row["zh-CN"]}需要 ${each} 次乘加。** 模型有 ${count} 个参数。${heaviest["zh-CN"]}`,
      },
      measures: [products.index, parameters.index],
    },
  ];
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** The layer that makes most of the work, where there are several. */
function heaviestText({ figures }: Conclusion): LocalizedText {
  const figure = figures.find((one) => one.id === "work");
  if (figure?.kind !== "waterfall") return { en: "", "zh-CN": "" };
  const [first] = [...figure.steps].sort((a, b) => b.value - a.value);
  if (!first) return { en: "", "zh-CN": "" };
  const share = percentText(first.value / figure.end.value, 0);
  return {
    en: ` ${first.label.en} makes ${share} of the work: to make the model faster, begin there.`,
    "zh-CN": `其中 ${first.label["zh-CN"]} 占 ${share}：要提速，先从这里入手。`,
  };
}

function memoryFinding(find: Find): Finding[] {
  const [weights, peak, size] = [find("weight-bytes"), find("peak-activation-bytes"), find("size-bytes")];
  const bytes = weights.measure?.value ?? 0;
  if (bytes === 0) return [];
  const place = places.find((one) => bytes <= one.bytes) ?? beyond;
  const row = peak.measure?.value ?? null;
  const also =
    row === null
      ? { en: "", "zh-CN": "" }
      : {
          en: ` A row in flight needs ${sizeText(row)} more.`,
          "zh-CN": `处理中的每一行另需 ${sizeText(row, "zh-CN")}。`,
        };
  return [
    {
      id: "memory",
      verdict: "info",
      severity: "low",
      text: {
        en: `**The weights take ${sizeText(bytes)}.** The file has ${sizeText(size.measure?.value ?? 0)}; ${place.en}.${also.en}`,
        "zh-CN": `**权重占 ${sizeText(bytes, "zh-CN")}。** 文件大小 ${sizeText(size.measure?.value ?? 0, "zh-CN")}；${place["zh-CN"]}。${also["zh-CN"]}`,
      },
      measures: [weights.index, size.index, ...(row === null ? [] : [peak.index])],
      table: "layers",
    },
  ];
}

function intensityFinding(find: Find): Finding[] {
  const { index, measure } = find("arithmetic-intensity");
  const products = find("multiply-accumulates").measure?.value ?? 0;
  if (measure?.value === undefined || measure.value === null || products === 0) return [];
  const value = decimalText(measure.value, measure.value < 10 ? 2 : 0);
  const waits = measure.value < balance;
  return [
    {
      id: "intensity",
      verdict: "info",
      severity: "low",
      text: waits
        ? {
            en: `**One row at a time, the model waits for memory.** It does ${value} floating-point operations for each byte that it reads or writes; processors can do ten and more. In batches the weights are read once for many rows.`,
            "zh-CN": `**逐行处理时，瓶颈在内存而不在运算。** 每读写一个字节只做 ${value} 次浮点运算，而处理器可做十次以上。成批处理时，权重读取一次即可用于多行。`,
          }
        : {
            en: `**The model is bound by arithmetic, even one row at a time.** It does ${value} floating-point operations for each byte that it reads or writes.`,
            "zh-CN": `**即使逐行处理，瓶颈也在运算。** 每读写一个字节做 ${value} 次浮点运算。`,
          },
      measures: [index],
      table: "layers",
    },
  ];
}

function openFinding(find: Find, tables: Conclusion["tables"]): Finding[] {
  const open = (tables.find((table) => table.id === "layers")?.rows ?? []).filter((row) => row.few);
  if (open.length === 0) return [];
  const names = [...new Set(open.map((row) => String(row.cells[1] ?? "")))];
  const listed = listText(names.slice(0, 6));
  const { index } = find("multiply-accumulates");
  return [
    {
      id: "not-counted",
      verdict: "indeterminate",
      severity: "medium",
      text: {
        en: `**The cost of ${open.length === 1 ? "1 layer" : `${countText(open.length)} layers`} is not known.** The operators ${listed.en}${names.length > 6 ? " and others" : ""} are not counted, or their shapes are not told by the file; so the totals are left open, and what is known is the least they can be.`,
        "zh-CN": `**有 ${countText(open.length)} 层的开销未知。** 算子 ${listed["zh-CN"]}${names.length > 6 ? " 等" : ""} 不在计数之列，或文件没有给出形状；因此总量不作结论，已知部分只是下限。`,
      },
      measures: [index, find("floating-point-operations").index],
      table: "layers",
    },
  ];
}
