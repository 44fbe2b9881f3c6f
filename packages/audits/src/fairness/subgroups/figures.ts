import type { Figure } from "@assay/schema";
import { shareText } from "../../wording/index.ts";
import type { Outcome } from "./conclude.ts";
import { rightHeld, wrongHeld } from "./found.ts";
import { shown } from "./measures.ts";
import type { Input } from "./settings.ts";
import { sliceText } from "./words.ts";

export const figureId = "rates";

/** Held-out rates of the slices found that are told at their own place, and the overall rate as a line. */
export function slicesFigure({ kind, slices, places, names, progress }: Outcome, input: Input): Figure | null {
  const errors = progress.totals[wrongHeld] ?? 0;
  const held = (progress.totals[rightHeld] ?? 0) + errors;
  const told = slices.filter((_, index) => places[index]?.kind === "own");
  if (told.length === 0 || held === 0) return null;
  const overall = kind.isWanted ? 1 - errors / held : errors / held;
  const rows = told.map(({ slice, rate, isConfirmed }) => {
    const printed = rate && shown(kind, rate);
    return {
      label: sliceText(slice, names),
      value: printed?.value ?? null,
      low: printed?.low ?? null,
      high: printed?.high ?? null,
      n: rate?.n ?? 0,
      few: !isConfirmed,
    };
  });
  const sign = kind.isWanted ? -1 : 1;
  rows.sort((a, b) => sign * ((b.value ?? -1) - (a.value ?? -1)));
  const level = shareText(input.confidence);
  return {
    kind: "intervals",
    id: figureId,
    title: {
      en: `${kind.title.en} of the groups found`,
      "zh-CN": `所发现群体的${kind.title["zh-CN"]}`,
    },
    caption: {
      en: `Of ${kind.among.en}, the share who ${kind.verb.en}, in rows that had no part in finding the groups, with ${level} intervals. The line is everyone's. Hatched: not confirmed as worse than the rest.`,
      "zh-CN": `在未参与发现这些群体的行中，${kind.among["zh-CN"]}${kind.verb["zh-CN"]}的比例及 ${level} 区间。竖线为全体的比例。带阴影者：未能确认比其他人更差。`,
    },
    unit: "percent",
    xTitle: kind.title,
    rows,
    reference: { value: overall, label: { en: "everyone", "zh-CN": "全体" } },
  };
}
