import { AssayError, type Locale, type LocalizedText, type Report } from "@assay/schema";
import { escapeHtml, tieNumbers } from "../../display-text.ts";
import { formatInterval, formatNumber, notKnown, unitWord } from "../../format.ts";
import { htmlStyle } from "../html-style.ts";
import type { Renderer } from "../renderer.ts";
import { startedText } from "../report-lines.ts";
import {
  hasSummary,
  lastDayOfUse,
  type SummaryRow,
  type SummaryTable,
  type SummaryWords,
  summarised,
  summaryTables,
  summaryWords,
} from "./categories.ts";
import { summaryWordings } from "./words.ts";

/**
 * The public summary that New York City's Local Law 144 asks for (6 RCNY § 5-303), as one HTML page that prints: a view of the
 * report's impact ratios and of what the plan says of data, dates and auditor. What nobody said is marked as missing.
 */
export const ll144 = {
  id: "ll144",
  extension: "ll144.html",
  mediaType: "text/html; charset=utf-8",
  unfit,
  render(report, { locale }) {
    const why = unfit(report);
    if (why !== null) throw new AssayError("not-supported", `ll144: ${why.en}`);
    return page(report, locale);
  },
} as const satisfies Renderer;

function unfit(report: Report): LocalizedText | null {
  if (hasSummary(report)) return null;
  return {
    en: `the summary of Local Law 144 shows ${summarised}, which this report does not have, or without any rate`,
    "zh-CN": `第 144 号地方法的摘要展示 ${summarised}，而本报告没有该审计或其中没有任何比率`,
  };
}

function page(report: Report, locale: Locale): string {
  const w = summaryWordings[locale];
  const audit = report.audits.find((one) => one.id === summarised);
  const tables = audit === undefined ? [] : summaryTables(audit);
  const said = summaryWords(report.plan.audits?.[summarised]);
  const name = said.tool === "" ? report.plan.project : said.tool;
  const isWanted = report.plan.columns.favourable === "positive";
  const sections = tables.map((table, index) => section(table, index, isWanted, locale));
  const isCrossed = tables.some((table) => table.by.length > 1);
  return [
    "<!doctype html>",
    `<html lang="${locale}">`,
    '<head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    '<meta name="generator" content="Assay">',
    `<title>${escapeHtml(name)} · ${w.title}</title>`,
    `<style>${htmlStyle}\n${style}</style></head>`,
    "<body><main>",
    `<header><p class="crumb"><b><bdi>${escapeHtml(name)}</bdi></b><span>${w.under}</span></p>`,
    `<h1>${w.title}</h1><p class="self">${w.notAudit}</p></header>`,
    facts(report, tables, said, locale),
    ...sections,
    ...(isCrossed ? [] : [`<p class="note">${tieNumbers(w.noCrossed, locale)}</p>`]),
    exclusions(tables, said, locale),
    open(tables, said, locale),
    "</main></body></html>",
    "",
  ].join("\n");
}

const style = `
.self{border-left:2px solid var(--ind);padding:2px 0 2px 14px;max-width:68ch;margin:0 0 32px}
.missing{color:var(--ind);font-weight:600}
h2+.hint,.hint{font-size:13px;line-height:20px;color:var(--muted);max-width:68ch;margin:8px 0}
dl.facts{grid-template-columns:minmax(96px,22em) minmax(0,1fr)}
section{break-inside:avoid}
tr.out,tr.out th{color:var(--muted)}
ul.open{margin:8px 0 0;padding:0 0 0 1.2em;font-size:13px;line-height:20px}
@media screen and (max-width:640px){dl.facts{grid-template-columns:minmax(0,1fr)}}
`.trim();

function facts(report: Report, tables: readonly SummaryTable[], said: SummaryWords, locale: Locale): string {
  const w = summaryWordings[locale];
  const given = (text: string): string => (text === "" ? missing(locale) : `<bdi>${escapeHtml(text)}</bdi>`);
  const last = lastDayOfUse(said.auditDate);
  const people = tables.map((table) => ({
    by: columnsText(table),
    known: table.known,
    unknown: table.unknown,
    kind: table.kind,
  }));
  const [first] = people;
  const counts = (of: "known" | "unknown"): string =>
    people
      .filter(({ kind }) => kind === first?.kind)
      .map((one) => `${escapeHtml(one.by)}${locale === "en" ? ": " : "："}${formatNumber(one[of], "count", locale)}`)
      .join("<br>");
  const lines: [string, string][] = [
    [w.tool, given(said.tool)],
    [w.auditDate, given(said.auditDate)],
    [w.lastDay, last === null ? missing(locale) : `${last} (${tieNumbers(w.lastDayNote, locale)})`],
    [w.auditor, given(said.auditor)],
    [w.distributionDate, given(said.distributionDate)],
    [w.dataSource, given(said.dataSource)],
    [w.dataExplanation, given(said.dataExplanation)],
    [w.dataDates, given(said.dataDates)],
    [w.people, counts("known")],
    [w.unknown, counts("unknown")],
    [w.calculated, startedText(report.environment.startedAt)],
    [w.evidence, `<code>${report.digest}</code>`],
  ];
  return `<section aria-labelledby="facts"><h2 id="facts">${w.facts}</h2><dl class="facts">${lines
    .map(([key, value]) => `<dt>${key}</dt><dd>${value}</dd>`)
    .join("\n")}</dl></section>`;
}

function missing(locale: Locale): string {
  return `<span class="missing">${summaryWordings[locale].none}</span>`;
}

function columnsText({ by }: SummaryTable): string {
  return by.join(" × ");
}

function nameOf(row: SummaryRow, locale: Locale): string {
  return Object.values(row.group)
    .map((value) => (value === null ? summaryWordings[locale].unknownValue : `<bdi>${escapeHtml(value)}</bdi>`))
    .join(" × ");
}

function section(table: SummaryTable, index: number, isWanted: boolean, locale: Locale): string {
  const w = summaryWordings[locale];
  const isSelection = table.kind === "selection";
  const title = `${isSelection ? w.selection : w.scoring}${locale === "en" ? " by " : "（按 "}${escapeHtml(columnsText(table))}${locale === "en" ? "" : "）"}`;
  const confidence = table.rows.find(({ ratio }) => ratio.confidence !== undefined)?.ratio.confidence;
  const level = confidence === undefined ? "" : ` (${Number((confidence * 100).toPrecision(4))} %)`;
  const percent = unitWord("percent", locale);
  const unit = percent === "" ? "" : locale === "en" ? `, ${percent}` : `（${percent}）`;
  const head = [
    `<th scope="col">${w.category}</th>`,
    `<th scope="col">${w.count}</th>`,
    ...(isSelection ? [`<th scope="col">${w.chosen}</th>`] : []),
    `<th scope="col">${isSelection ? w.selectionRate : w.scoringRate}${unit}</th>`,
    `<th scope="col">${w.ratio}</th>`,
    `<th scope="col">${tieNumbers(`${w.interval}${level}`, locale)}</th>`,
  ];
  const rows = table.rows.map((row) => {
    const { rate, ratio } = row;
    const told =
      ratio.value !== null
        ? formatNumber(ratio.value, "ratio", locale, { decimals: 2 })
        : row.isExcluded
          ? w.excluded
          : notKnown;
    const cells = [
      `<th scope="row">${nameOf(row, locale)}</th>`,
      num(formatNumber(row.people, "count", locale)),
      ...(isSelection ? [num(formatNumber(row.chosen, "count", locale))] : []),
      num(formatNumber(rate.value, "percent", locale, { decimals: 1 })),
      num(told),
      num(formatInterval(ratio.low, ratio.high, "ratio", locale, { decimals: 2 })),
    ];
    return `<tr${row.isUnknown || row.isExcluded ? ' class="out"' : ""}>${cells.join("")}</tr>`;
  });
  const note =
    locale === "en"
      ? `Impact ratios are ${w.compared}. ${formatNumber(table.unknown, "count", locale)} people of an unknown category are in no ratio.`
      : `影响比为${w.compared}之比。类别未知的 ${formatNumber(table.unknown, "count", locale)} 人不计入任何影响比。`;
  return `<section aria-labelledby="table-${index + 1}"><h2 id="table-${index + 1}">${title}</h2><p class="hint">${note}${isSelection || isWanted ? "" : `${locale === "en" ? " " : ""}${w.unwanted}`}</p><div class="scroll" tabindex="0" role="group" aria-labelledby="table-${index + 1}"><table class="numbers"><caption class="unseen">${title}</caption><thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div></section>`;
}

function num(text: string): string {
  return `<td class="num">${text}</td>`;
}

/** Categories under the share, each with count and rate, and the reason that was given (§ 5-301(d)). */
function exclusions(tables: readonly SummaryTable[], said: SummaryWords, locale: Locale): string {
  const w = summaryWordings[locale];
  const out = tables.flatMap((table) => table.rows.filter((row) => row.isExcluded).map((row) => ({ row, table })));
  if (out.length === 0) return "";
  const items = out.map(({ row, table }) => {
    const rate =
      row.rate.value === null ? w.noRate : formatNumber(row.rate.value, "percent", locale, { decimals: 1, unit: true });
    const what = table.kind === "selection" ? w.selectionRate : w.scoringRate;
    return locale === "en"
      ? `<li>${nameOf(row, locale)}: ${formatNumber(row.people, "count", locale)} people, ${what.toLowerCase()} ${rate}</li>`
      : `<li>${nameOf(row, locale)}：${formatNumber(row.people, "count", locale)} 人，${what} ${rate}</li>`;
  });
  const reason = said.exclusionReason === "" ? missing(locale) : `<bdi>${escapeHtml(said.exclusionReason)}</bdi>`;
  return `<section aria-labelledby="exclusions"><h2 id="exclusions">${w.exclusions}</h2><ul class="open">${items.join("\n")}</ul><p class="hint">${w.reason}${locale === "en" ? ": " : "："}${reason}</p></section>`;
}

/** What must be filled in before this can be published. */
function open(tables: readonly SummaryTable[], said: SummaryWords, locale: Locale): string {
  const w = summaryWordings[locale];
  const isExcluded = tables.some((table) => table.rows.some((row) => row.isExcluded));
  const items = [
    ...(said.tool === "" ? [w.tool] : []),
    ...(said.auditDate === "" ? [w.auditDate] : []),
    ...(said.auditor === "" ? [w.auditor] : []),
    ...(said.distributionDate === "" ? [w.distributionDate] : []),
    ...(said.dataSource === "" ? [w.dataSource] : []),
    ...(said.dataExplanation === "" ? [w.dataExplanation] : []),
    ...(isExcluded && said.exclusionReason === ""
      ? [`${w.exclusions}${locale === "en" ? ": " : "："}${w.reason}`]
      : []),
  ];
  if (items.length === 0) return "";
  return `<section aria-labelledby="open"><h2 id="open">${w.open}</h2><ul class="open">${items.map((item) => `<li>${item}</li>`).join("")}</ul></section>`;
}
