import type { LayerProfile, ModelProfile } from "@assay/models";
import type { LocalizedText, Table, TableCell } from "@assay/schema";
import { intensity, isIdle, weighing } from "./weight.ts";

/** Layers beyond these are in layers.csv. */
const mostRows = 80;

export function layersTable(profile: ModelProfile): Table {
  const { layers, per } = profile;
  const { of } = weighing(profile);
  const working = layers.filter((layer) => !isIdle(layer));
  const heaviest = new Set(
    [...working]
      .sort((a, b) => Number(b.unknown !== null) - Number(a.unknown !== null) || of(b) - of(a))
      .slice(0, mostRows),
  );
  const shown = working.filter((layer) => heaviest.has(layer));
  const trees = layers.some((layer) => layer.comparisons !== null);
  const more = layers.length - shown.length;
  return {
    id: "layers",
    title: { en: "Layer by layer", "zh-CN": "逐层明细" },
    caption: {
      en: `For one row${per === undefined ? "" : `: ${per.en}`}. Operations per byte: floating-point operations over the bytes of weights, inputs and outputs, where the weights are read for this row alone.${more > 0 ? ` ${more} ${more === 1 ? "layer that is lighter or only changes shapes is" : "layers that are lighter or only change shapes are"} in layers.csv.` : ""}`,
      "zh-CN": `按处理一行${per === undefined ? "" : `（${per["zh-CN"]}）`}计算。每字节运算：浮点运算次数除以权重、输入与输出的字节数，权重视为只为这一行读取。${more > 0 ? `另有 ${more} 个较轻或仅改变形状的层见 layers.csv。` : ""}`,
    },
    columns: [
      { title: { en: "Layer", "zh-CN": "层" }, format: "text" },
      { title: { en: "Operator", "zh-CN": "算子" }, format: "text" },
      { title: { en: "Output", "zh-CN": "输出" }, format: "text" },
      { title: { en: "Parameters", "zh-CN": "参数量" }, format: "count" },
      { title: { en: "Multiply-accumulates", "zh-CN": "乘加次数" }, format: "count" },
      { title: { en: "Operations", "zh-CN": "浮点运算" }, format: "count" },
      ...(trees
        ? [
            { title: { en: "Tests, mean", "zh-CN": "判断次数（平均）" }, format: "number" as const },
            { title: { en: "Tests, most", "zh-CN": "判断次数（最多）" }, format: "count" as const },
          ]
        : []),
      { title: { en: "Weight bytes", "zh-CN": "权重字节" }, format: "count" },
      { title: { en: "Output bytes", "zh-CN": "输出字节" }, format: "count" },
      { title: { en: "Operations per byte", "zh-CN": "每字节运算" }, format: "number" },
      { title: { en: "Remark", "zh-CN": "说明" }, format: "text" },
    ],
    rows: shown.map((layer) => ({
      few: layer.unknown !== null,
      cells: [
        layer.name,
        layer.operator,
        layer.shape?.join(" × ") ?? null,
        layer.parameters,
        layer.multiplyAccumulates,
        layer.operations,
        ...(trees ? [layer.comparisons?.mean ?? null, layer.comparisons?.most ?? null] : []),
        layer.weightBytes,
        layer.activationBytes,
        intensity([layer]),
        remark(layer),
      ] satisfies TableCell[],
    })),
  };
}

function remark({ unknown }: LayerProfile): LocalizedText | null {
  return unknown === null ? null : { en: `not known: ${unknown}`, "zh-CN": `未知：${unknown}` };
}
