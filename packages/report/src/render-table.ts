import type { Locale, Table, TableCell } from "@assay/schema";
import { displayText, escapeHtml } from "./display-text.ts";
import {
  decimalsFor,
  type Estimate,
  formatInterval,
  formatNumber,
  type NumberFormat,
  notKnown,
  unitWord,
} from "./format.ts";
import { words } from "./words/index.ts";

/** How one column of a table is set: shared digits, and whether an interval stands beside its numbers. */
export interface ColumnLayout {
  readonly title: string;
  /** Unit of the numbers, once, for the head; empty where there is none. */
  readonly unit: string;
  readonly format: Table["columns"][number]["format"];
  readonly decimals: number;
  readonly interval: boolean;
}

export function tableLayout(table: Table, locale: Locale): readonly ColumnLayout[] {
  return table.columns.map(({ title, format }, index) => {
    const cells = table.rows.map((row) => ({ estimate: estimateOf(row.cells[index] ?? null), few: row.few }));
    const certain = cells.filter(({ estimate, few }) => estimate !== null && !few);
    const telling = (certain.length > 0 ? certain : cells)
      .map(({ estimate }) => estimate)
      .filter((one) => one !== null);
    return {
      title: title[locale],
      unit: format === "text" ? "" : unitWord(format, locale),
      format,
      decimals: format === "text" ? 0 : decimalsFor(format, telling),
      interval: format !== "text" && cells.some(({ estimate }) => typeof estimate?.low === "number"),
    };
  });
}

/** A cell as text: the value, and its interval where there is one. */
export function cellText(
  cell: TableCell,
  column: ColumnLayout,
  locale: Locale,
): { readonly value: string; readonly interval: string; readonly numeric: boolean } {
  if (typeof cell === "string") return { value: displayText(cell), interval: "", numeric: false };
  if (cell !== null && typeof cell === "object" && "en" in cell) {
    return { value: displayText(cell[locale]), interval: "", numeric: false };
  }
  const estimate = estimateOf(cell);
  if (estimate === null) return { value: notKnown, interval: "", numeric: column.format !== "text" };
  const format: NumberFormat = column.format === "text" ? "number" : column.format;
  const decimals = column.format === "text" ? decimalsFor(format, [estimate]) : column.decimals;
  return {
    value: formatNumber(estimate.value, format, locale, { decimals }),
    interval: formatInterval(estimate.low, estimate.high, format, locale, { decimals }),
    numeric: true,
  };
}

/**
 * A table as HTML: numbers aligned on the point, units once in the head, intervals in a column of their own, rows of
 * little data in grey. The caption is hidden to the eye where `heading` already says it.
 */
export function renderTable(table: Table, options: { readonly locale: Locale; readonly heading?: boolean }): string {
  const { locale } = options;
  const layout = tableLayout(table, locale);
  const named = layout.findIndex((column) => column.format === "text") === 0;
  const head = layout
    .map((column) => {
      const span = column.interval ? ' colspan="2"' : "";
      const kind = column.format === "text" ? ' class="text"' : "";
      return `<th scope="col"${kind}${span}>${escapeHtml(headText(column, locale))}</th>`;
    })
    .join("");
  const rows = table.rows
    .map((row) => {
      const cells = layout
        .map((column, index) => {
          const cell = cellText(row.cells[index] ?? null, column, locale);
          if (index === 0 && named) return `<th scope="row"><bdi>${escapeHtml(cell.value)}</bdi></th>`;
          if (column.format === "text") return `<td class="text"><bdi>${escapeHtml(cell.value)}</bdi></td>`;
          const value =
            cell.value === notKnown
              ? `<span title="${words[locale].notMeasured}">${notKnown}</span>`
              : escapeHtml(cell.value);
          const interval = column.interval ? `<td class="int">${escapeHtml(cell.interval)}</td>` : "";
          return `<td class="num">${value}</td>${interval}`;
        })
        .join("");
      return `<tr${row.few ? ' class="few"' : ""}>${cells}</tr>`;
    })
    .join("\n");
  const caption = options.heading
    ? `<caption class="unseen">${escapeHtml(table.title[locale])}</caption>`
    : `<caption>${escapeHtml(table.title[locale])}</caption>`;
  return `<table class="numbers">${caption}<thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`;
}

function estimateOf(cell: TableCell): Estimate | null {
  if (typeof cell === "number") return { value: cell };
  if (cell === null || typeof cell === "string" || "en" in cell) return null;
  return cell;
}

/** The head of a column with its unit, once: `False alarms, %`. */
export function headText(column: ColumnLayout, locale: Locale): string {
  if (column.unit === "" || column.title.includes(column.unit)) return column.title;
  if (column.title === "") return column.unit;
  return locale === "en" ? `${column.title}, ${column.unit}` : `${column.title}（${column.unit}）`;
}
