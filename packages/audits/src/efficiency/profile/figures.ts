import type { ModelProfile } from "@assay/models";
import type { Figure } from "@assay/schema";
import { nameOf } from "./conclude.ts";
import { weighing } from "./weight.ts";

/** Layers beyond these are one step of the figure. */
const mostShown = 12;

/** The layers that weigh most, in the order in which they run; null where there is nothing to compare. */
export function layersFigure(profile: ModelProfile): Figure | null {
  const { of, total, name } = weighing(profile);
  const working = profile.layers.filter((layer) => of(layer) > 0);
  if (working.length < 2) return null;
  const shown = new Set([...working].sort((a, b) => of(b) - of(a)).slice(0, mostShown));
  const rest = working.filter((layer) => !shown.has(layer));
  const left = rest.reduce((sum, layer) => sum + of(layer), 0);
  const others = rest.length === 1 ? "1 other layer" : `${rest.length} other layers`;
  return {
    kind: "waterfall",
    id: "work",
    title: { en: "Where the work is", "zh-CN": "运算量分布" },
    caption: {
      en: `The ${name.en} of one row, layer by layer in the order in which they run${rest.length > 0 ? `; the ${shown.size} heaviest by themselves` : ""}.`,
      "zh-CN": `处理一行数据的${name["zh-CN"]}，按运行顺序逐层累计${rest.length > 0 ? `；单独列出最重的 ${shown.size} 层` : ""}。`,
    },
    unit: "count",
    xTitle: { en: name.en, "zh-CN": name["zh-CN"] },
    start: { label: { en: "input", "zh-CN": "输入" }, value: 0 },
    steps: [
      ...working
        .filter((layer) => shown.has(layer))
        .map((layer) => ({ label: { en: nameOf(layer), "zh-CN": nameOf(layer) }, value: of(layer) })),
      ...(rest.length === 0 ? [] : [{ label: { en: others, "zh-CN": `其余 ${rest.length} 层` }, value: left }]),
    ],
    end: { label: { en: "one row", "zh-CN": "一行" }, value: total },
  };
}
