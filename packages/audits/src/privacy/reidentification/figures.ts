import type { Figure } from "@assay/schema";
import type { Risk } from "./risk.ts";
import type { Singling } from "./singling.ts";

/** Sizes with a bar of their own; all larger classes share the last. */
const widest = 20;

export function figuresOf(risk: Risk, singling: readonly Singling[]): readonly Figure[] {
  return risk.people === 0 ? [] : [sizesFigure(risk), ...(singling.length > 1 ? [singlingFigure(risk, singling)] : [])];
}

function sizesFigure(risk: Risk): Figure {
  const last = Math.min(risk.largest, widest + 1);
  const people = new Float64Array(last + 1);
  for (const [size, count] of risk.sizes) people[Math.min(size, last)] = (people[Math.min(size, last)] ?? 0) + count;
  const open = risk.largest > widest;
  return {
    kind: "histogram",
    id: "class-sizes",
    title: { en: "How many people look alike", "zh-CN": "有多少人彼此相同" },
    caption: {
      en: `People by the number of people in the file, themselves included, who have the same values in every quasi-identifier. The bar at 1 holds those who stand alone.${open ? ` The last bar holds all groups of more than ${widest}.` : ""}`,
      "zh-CN": `按“文件中各准标识符取值完全相同的人数（含本人）”统计的人数。横轴为 1 处是独一无二的人。${open ? `最后一根柱包含所有超过 ${widest} 人的组。` : ""}`,
    },
    xTitle: { en: "People with the same values", "zh-CN": "取值相同的人数" },
    yTitle: { en: "People", "zh-CN": "人数" },
    series: [
      {
        label: { en: "People", "zh-CN": "人数" },
        bins: Array.from({ length: last }, (_, index) => ({
          from: index + 0.5,
          to: index + 1.5,
          count: people[index + 1] ?? 0,
        })),
      },
    ],
  };
}

function singlingFigure(risk: Risk, singling: readonly Singling[]): Figure {
  const rows = [...singling].sort((a, b) => a.uniqueWithout - b.uniqueWithout || (a.column < b.column ? -1 : 1));
  return {
    kind: "intervals",
    id: "singling-out",
    title: { en: "Which columns single people out", "zh-CN": "哪些列使人可被单独识别" },
    caption: {
      en: "Share of people who would still be unique if one column were left out. The further a column lies under the line, the more people only it singles out.",
      "zh-CN": "去掉某一列之后仍独一无二的人所占比例。离参考线越远，说明仅因该列而可被单独识别的人越多。",
    },
    unit: "percent",
    xTitle: { en: "Unique people without the column", "zh-CN": "去掉该列后独一无二者的比例" },
    rows: rows.map(({ column, uniqueWithout }) => ({
      label: { en: column, "zh-CN": column },
      value: uniqueWithout / risk.people,
      low: null,
      high: null,
      n: risk.people,
      few: false,
    })),
    reference: { value: risk.unique / risk.people, label: { en: "with all columns", "zh-CN": "使用全部列" } },
  };
}
