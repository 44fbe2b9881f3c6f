import type { Table, TableCell } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { groupText, plainText, slugsOf } from "../../groups/reading.ts";
import { wilson } from "../../statistics/index.ts";
import { countText, shareText } from "../../wording/index.ts";
import type { Input } from "./settings.ts";
import { type Change, mostWatched, type Watch, type Watched } from "./watched.ts";

export function driftTableId(by: string | null, roles: AuditContext<Input>["roles"]): string {
  return by === null ? "drift-overall" : `drift-by-${slugsOf(roles).get(JSON.stringify([by])) ?? "group"}`;
}

export function tablesOf(told: Watch, adjustedOf: ReadonlyMap<Change, number>, context: AuditContext<Input>): Table[] {
  return [null, ...context.roles.protected.map(({ name }) => name)].flatMap((by) => {
    const own = told.watched.filter((one) => one.by === by);
    return own.length === 0 ? [] : [changeTable(by, own, by === null ? 0 : (told.left[by] ?? 0), adjustedOf, context)];
  });
}

function changeTable(
  by: string | null,
  own: readonly Watched[],
  left: number,
  adjustedOf: ReadonlyMap<Change, number>,
  { input, roles }: AuditContext<Input>,
): Table {
  const level = shareText(input.confidence);
  const column = by === null ? null : plainText(by);
  const reference = own.find((one) => one.gap !== null)?.gap?.reference ?? null;
  const against = reference === null ? null : groupText([reference]);
  return {
    id: driftTableId(by, roles),
    title:
      column === null
        ? { en: "Change since the baseline, all rows", "zh-CN": "自基线以来的变化（全部行）" }
        : { en: `Change since the baseline, by ${column}`, "zh-CN": `自基线以来的变化（按 ${column}）` },
    caption: {
      en: `Rates in the baseline and after it, with ${level} intervals of each alone; their change, and that of the gap${against === null ? "" : ` to ${against.en}`}, with ${level} intervals and p values that hold at all looks together. Adjusted p values count all tests of this audit (Holm).${left > 0 ? ` The ${mostWatched} largest groups are watched; ${countText(left)} more are not.` : ""}`,
      "zh-CN": `基线及其后的比率，附各自的 ${level} 区间；比率的变化${against === null ? "" : `及与${against["zh-CN"]}之差的变化`}，附对所有查看时点同时成立的 ${level} 区间和 p 值。校正后 p 值计入本审计的全部检验（Holm）。${left > 0 ? `监测人数最多的 ${mostWatched} 个组，另有 ${countText(left)} 个组未监测。` : ""}`,
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

function rateCell({ k, n }: { readonly k: number; readonly n: number }, confidence: number): TableCell {
  if (n === 0) return null;
  const { low, high } = wilson(k, n, confidence);
  return { value: k / n, low, high };
}

function changeCell({ value, low, high }: Change): TableCell {
  return value === null ? null : { value, low, high };
}
