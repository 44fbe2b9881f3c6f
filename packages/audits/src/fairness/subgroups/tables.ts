import type { LocalizedText, Table } from "@assay/schema";
import { countText, shareText } from "../../wording/index.ts";
import type { Outcome } from "./conclude.ts";
import { shown, shownDifference } from "./measures.ts";
import type { Place } from "./merge-slices.ts";
import { groupsThereAre } from "./search-size.ts";
import type { Input } from "./settings.ts";
import { sliceText } from "./words.ts";

export const tableId = "slices";

/** Every slice found, best score first, with what each half of the rows says of it. */
export function slicesTable(outcome: Outcome, input: Input): Table {
  const { kind, names, slices, places, progress } = outcome;
  const level = shareText(input.confidence);
  const share = shareText(1 - input.hold_out);
  const all = countText(groupsThereAre(progress.columns, input.depth));
  const seen = countText(progress.counted);
  return {
    id: tableId,
    title: { en: "The worst groups found", "zh-CN": "发现的最差群体" },
    caption: {
      en: `The ${slices.length} highest scores among all ${all} groups of up to ${input.depth} columns, found in ${share} of the rows (${seen} groups of enough rows and an error were counted, the others are ruled out by bounds) and confirmed in the others. The rate where a group was found is too bad by its choice; what the group is like stands under “held out”. Intervals: ${level}.`,
      "zh-CN": `在 ${share} 的行中，于至多 ${input.depth} 列组合而成的全部 ${all} 个群体里得分最高的 ${slices.length} 个（实际计数了 ${seen} 个行数足够且有差错的群体，其余由上界排除），并在其余行中确认。发现时的比率因挑选而偏差，群体的真实情况请看“留出”各列。区间：${level}。`,
    },
    columns: [
      { title: { en: "No.", "zh-CN": "序号" }, format: "count" },
      { title: { en: "Group", "zh-CN": "群体" }, format: "text" },
      { title: { en: "Score", "zh-CN": "得分" }, format: "number" },
      { title: { en: "Found: people", "zh-CN": "发现：人数" }, format: "count" },
      {
        title: { en: `Found: ${kind.title.en.toLowerCase()}`, "zh-CN": `发现：${kind.title["zh-CN"]}` },
        format: "percent",
      },
      { title: { en: "Held out: people", "zh-CN": "留出：人数" }, format: "count" },
      {
        title: { en: `Held out: ${kind.title.en.toLowerCase()}`, "zh-CN": `留出：${kind.title["zh-CN"]}` },
        format: "percent",
      },
      { title: { en: "Against the rest", "zh-CN": "与其他人之差" }, format: "points" },
      { title: { en: "p", "zh-CN": "p" }, format: "p" },
      { title: { en: "p, adjusted", "zh-CN": "p（校正后）" }, format: "p" },
      { title: { en: "Told as", "zh-CN": "结论" }, format: "text" },
    ],
    rows: slices.map(({ slice, rate, difference, p, pAdjusted, isConfirmed }, index) => {
      const [right = 0, wrong = 0] = slice.counts;
      const found = right + wrong;
      return {
        few: !isConfirmed,
        cells: [
          index + 1,
          sliceText(slice, names),
          Number(slice.score.toPrecision(6)),
          found,
          (kind.isWanted ? right : wrong) / found,
          rate?.n ?? 0,
          rate && shown(kind, rate),
          difference && shownDifference(kind, difference),
          difference && p,
          difference && pAdjusted,
          toldAs(places[index] ?? { kind: "own" }, isConfirmed),
        ],
      };
    }),
  };
}

function toldAs(place: Place, isConfirmed: boolean): LocalizedText {
  switch (place.kind) {
    case "own":
      return isConfirmed ? { en: "confirmed", "zh-CN": "已确认" } : { en: "not confirmed", "zh-CN": "未确认" };
    case "same":
      return {
        en: `mostly the people of group ${place.under + 1}`,
        "zh-CN": `与第 ${place.under + 1} 个群体大致是同一批人`,
      };
    case "narrower":
      return {
        en: `part of group ${place.under + 1}, and no worse than the rest of it`,
        "zh-CN": `属于第 ${place.under + 1} 个群体，且不比其余部分更差`,
      };
    case "wider":
      return {
        en: `holds group ${place.under + 1}, and is no worse without it`,
        "zh-CN": `包含第 ${place.under + 1} 个群体，除去后并不更差`,
      };
  }
}
