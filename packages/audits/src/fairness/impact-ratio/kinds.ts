import type { LocalizedText } from "@assay/schema";
import type { Roles } from "../../roles.ts";

/** The two rates of Local Law 144 and the names their numbers go by. */
export interface RateKind {
  readonly id: "selection" | "scoring";
  readonly rate: string;
  readonly ratio: string;
  /** Table and figure words. */
  readonly rateTitle: LocalizedText;
  readonly yesTitle: LocalizedText;
  /** A high rate is good for the people of a category. */
  readonly wanted: boolean;
  /** `get the favourable decision`, for sentences. */
  readonly verb: LocalizedText;
}

/**
 * Selection speaks of the decision people want. Where that is the negative one, its rate is no `selection-rate` (which
 * means the positive decision everywhere else) and is called `favourable-rate`.
 */
export function selectionKind(favourable: "0" | "1"): RateKind {
  return {
    id: "selection",
    rate: favourable === "1" ? "selection-rate" : "favourable-rate",
    ratio: "impact-ratio",
    wanted: true,
    rateTitle: { en: "Selection rate", "zh-CN": "选择率" },
    yesTitle: { en: "Selected", "zh-CN": "被选中" },
    verb: { en: "get the favourable decision", "zh-CN": "获得有利决定" },
  };
}

/** Local Law 144 counts scores above the median whichever way they cut; where people want low scores it is said. */
export function scoringKind(favourable: "0" | "1"): RateKind {
  return {
    id: "scoring",
    rate: "scoring-rate",
    ratio: "scoring-impact-ratio",
    wanted: favourable === "1",
    rateTitle: { en: "Scoring rate", "zh-CN": "得分率" },
    yesTitle: { en: "Above the median", "zh-CN": "高于中位数" },
    verb: { en: "score above the sample's median", "zh-CN": "得分高于样本中位数" },
  };
}

/** The rates that a plan's roles allow. */
export function kindsOf(roles: Pick<Roles, "decision" | "score" | "favourable">): readonly RateKind[] {
  return [
    ...(roles.decision ? [selectionKind(roles.favourable)] : []),
    ...(roles.score ? [scoringKind(roles.favourable)] : []),
  ];
}

/** `Black × female`; unknown values are said to be unknown. */
export function groupLabel(group: Readonly<Record<string, string | null>>): LocalizedText {
  const values = Object.values(group);
  return {
    en: values.map((value) => value ?? "unknown").join(" × "),
    "zh-CN": values.map((value) => value ?? "未知").join(" × "),
  };
}
