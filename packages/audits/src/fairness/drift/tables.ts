import type { Table, TableCell } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { groupText, plainText, slugsOf } from "../../groups/reading.ts";
import { wilson } from "../../statistics/index.ts";
import { countText, shareText } from "../../wording/index.ts";
import { meanInterval } from "./score-measures.ts";
import type { Input } from "./settings.ts";
import { type Change, mostWatched, type Watch, type Watched } from "./watched.ts";
import type { WatchedScore } from "./watched-scores.ts";

export function driftTableId(by: string | null, roles: AuditContext<Input>["roles"]): string {
  return by === null ? "drift-overall" : `drift-by-${slugsOf(roles).get(JSON.stringify([by])) ?? "group"}`;
}

export function scoreTableId(by: string | null, roles: AuditContext<Input>["roles"]): string {
  return `score-${driftTableId(by, roles)}`;
}

export function tablesOf(told: Watch, adjustedOf: ReadonlyMap<Change, number>, context: AuditContext<Input>): Table[] {
  return [null, ...context.roles.protected.map(({ name }) => name)].flatMap((by): Table[] => {
    const left = by === null ? 0 : (told.left[by] ?? 0);
    const own = told.watched.filter((one) => one.by === by);
    const scores = (told.scores?.watched ?? []).filter((one) => one.by === by);
    return [
      ...(own.length === 0 ? [] : [changeTable(by, own, left, adjustedOf, context)]),
      ...(scores.length === 0 ? [] : [scoreTable(by, scores, left, adjustedOf, context)]),
    ];
  });
}

/** What both tables say around their numbers. */
function framed(
  by: string | null,
  own: readonly { readonly gap: { readonly reference: string } | null }[],
  left: number,
  input: Input,
) {
  const reference = own.find((one) => one.gap !== null)?.gap?.reference ?? null;
  return {
    level: shareText(input.confidence),
    column: by === null ? null : plainText(by),
    against: reference === null ? null : groupText([reference]),
    unwatched:
      left === 0
        ? { en: "", "zh-CN": "" }
        : {
            en: ` The ${mostWatched} largest groups are watched; ${countText(left)} more are not.`,
            "zh-CN": `监测人数最多的 ${mostWatched} 个组，另有 ${countText(left)} 个组未监测。`,
          },
  };
}

function changeTable(
  by: string | null,
  own: readonly Watched[],
  left: number,
  adjustedOf: ReadonlyMap<Change, number>,
  { input, roles }: AuditContext<Input>,
): Table {
  const { level, column, against, unwatched } = framed(by, own, left, input);
  return {
    id: driftTableId(by, roles),
    title:
      column === null
        ? { en: "Change since the baseline, all rows", "zh-CN": "自基线以来的变化（全部行）" }
        : { en: `Change since the baseline, by ${column}`, "zh-CN": `自基线以来的变化（按 ${column}）` },
    caption: {
      en: `Rates in the baseline and after it, with ${level} intervals of each alone; their change, and that of the gap${against === null ? "" : ` to ${against.en}`}, with ${level} intervals and p values that hold at all looks together. Adjusted p values count all tests of this audit (Holm).${unwatched.en}`,
      "zh-CN": `基线及其后的比率，附各自的 ${level} 区间；比率的变化${against === null ? "" : `及与${against["zh-CN"]}之差的变化`}，附对所有查看时点同时成立的 ${level} 区间和 p 值。校正后 p 值计入本审计的全部检验（Holm）。${unwatched["zh-CN"]}`,
    },
    columns: [
      { title: { en: "Rate", "zh-CN": "比率" }, format: "text" },
      ...(column === null ? [] : [{ title: { en: column, "zh-CN": column }, format: "text" as const }]),
      { title: { en: "Baseline", "zh-CN": "基线" }, format: "percent" },
      { title: { en: "After", "zh-CN": "其后" }, format: "percent" },
      { title: { en: "Rows after", "zh-CN": "其后行数" }, format: "count" },
      { title: { en: "Change", "zh-CN": "变化" }, format: "points" },
      { title: { en: "Adjusted p", "zh-CN": "校正后 p" }, format: "p" },
      ...(column === null
        ? []
        : [
            { title: { en: "Change of the gap", "zh-CN": "差距的变化" }, format: "points" as const },
            { title: { en: "Adjusted p", "zh-CN": "校正后 p" }, format: "p" as const },
          ]),
    ],
    rows: own.map((one) => ({
      few: one.rate.ps === null,
      cells: [
        one.metric.label,
        ...(column === null ? [] : [groupText([one.value])]),
        rateCell(one.before, input.confidence),
        rateCell(one.after, input.confidence),
        one.after.n,
        changeCell(one.rate),
        adjustedOf.get(one.rate) ?? null,
        ...(column === null
          ? []
          : [
              one.gap === null ? null : changeCell(one.gap),
              (one.gap === null ? null : adjustedOf.get(one.gap)) ?? null,
            ]),
      ],
    })),
  };
}

function scoreTable(
  by: string | null,
  own: readonly WatchedScore[],
  left: number,
  adjustedOf: ReadonlyMap<Change, number>,
  { input, roles }: AuditContext<Input>,
): Table {
  const { level, column, against, unwatched } = framed(by, own, left, input);
  const adjusted = (change: Change | null): number | null => (change === null ? null : adjustedOf.get(change)) ?? null;
  const p = { title: { en: "Adjusted p", "zh-CN": "校正后 p" }, format: "p" as const };
  return {
    id: scoreTableId(by, roles),
    title:
      column === null
        ? { en: "Scores since the baseline, all rows", "zh-CN": "自基线以来的分数（全部行）" }
        : { en: `Scores since the baseline, by ${column}`, "zh-CN": `自基线以来的分数（按 ${column}）` },
    caption: {
      en: `Mean scores in the baseline and after it, with ${level} intervals of each alone; the change of the mean${against === null ? "" : `, and of its gap to ${against.en}`}, with ${level} intervals that hold at all looks together. The population stability index (PSI) tells how differently the scores are spread over bins of the baseline's quantiles; its interval is that of one look. p values hold at all looks together and are adjusted over all tests of this audit (Holm).${unwatched.en}`,
      "zh-CN": `基线及其后的平均分数，附各自的 ${level} 区间；平均分数的变化${against === null ? "" : `及其与${against["zh-CN"]}之差的变化`}，附对所有查看时点同时成立的 ${level} 区间。群体稳定性指数（PSI）说明分数在按基线分位数划分的各区间中的分布变化有多大，其区间针对单次查看。p 值对所有查看时点同时成立，并对本审计的全部检验作了校正（Holm）。${unwatched["zh-CN"]}`,
    },
    columns: [
      column === null
        ? { title: { en: "Rows", "zh-CN": "行" }, format: "text" }
        : { title: { en: column, "zh-CN": column }, format: "text" },
      { title: { en: "Baseline", "zh-CN": "基线" }, format: "number" },
      { title: { en: "After", "zh-CN": "其后" }, format: "number" },
      { title: { en: "Scores after", "zh-CN": "其后分数数" }, format: "count" },
      { title: { en: "Change of the mean", "zh-CN": "平均分数的变化" }, format: "number" },
      p,
      ...(column === null
        ? []
        : [{ title: { en: "Change of the gap", "zh-CN": "差距的变化" }, format: "number" as const }, p]),
      { title: { en: "PSI", "zh-CN": "PSI" }, format: "number" },
      { title: { en: "Bins", "zh-CN": "区间数" }, format: "count" },
      p,
    ],
    rows: own.map((one) => ({
      few: one.mean.ps === null && one.index.ps === null,
      cells: [
        column === null ? { en: "all rows", "zh-CN": "全部行" } : groupText([one.value]),
        meanCell(one.before, input.confidence),
        meanCell(one.after, input.confidence),
        one.after.n,
        changeCell(one.mean),
        adjusted(one.mean),
        ...(column === null ? [] : [one.gap === null ? null : changeCell(one.gap), adjusted(one.gap)]),
        changeCell(one.index),
        one.index.value === null ? null : one.index.bins,
        adjusted(one.index),
      ],
    })),
  };
}

function meanCell(numbers: WatchedScore["before"], confidence: number): TableCell {
  if (numbers.n === 0) return null;
  const interval = meanInterval(numbers, confidence);
  return interval === null ? numbers.mean : { value: numbers.mean, low: interval.low, high: interval.high };
}

function rateCell({ k, n }: { readonly k: number; readonly n: number }, confidence: number): TableCell {
  if (n === 0) return null;
  const { low, high } = wilson(k, n, confidence);
  return { value: k / n, low, high };
}

function changeCell({ value, low, high }: Change): TableCell {
  return value === null ? null : { value, low, high };
}
