import type { Locale, Report } from "@assay/schema";
import { isUnjudged, unjudged } from "../answer.ts";
import { formatNumber } from "../format.ts";
import { words } from "../words/index.ts";

/**
 * What was audited, in a sentence or two: rows, or people in a table of counts; the file; what a positive decision is; that no
 * rule judges it, where the answer above leaves that to be said.
 */
export function ledeOf(report: Report, locale: Locale, fileName?: string): string {
  const said = [subjectOf(report, locale, fileName), ...(isUnjudged(report) ? [unjudged[locale]] : [])];
  return said.join(locale === "en" ? " " : "");
}

function subjectOf(report: Report, locale: Locale, fileName?: string): string {
  const { plan, data } = report;
  const rows = formatNumber(data.rows, "count", locale);
  const read = formatNumber(data.rowsRead, "count", locale);
  const file = plan.data.file ?? plan.data.counts ?? "";
  const name = fileName ?? file.split(/[\\/]/).at(-1) ?? file;
  const decision = decisionText(report, locale);
  const counted = plan.data.counts !== undefined;
  const filtered = plan.data.where !== undefined;
  if (locale === "en") {
    const positive = decision === "" ? "" : ` “Positive” means ${decision}.`;
    if (counted) {
      const people = `${rows} ${data.rows === 1 ? "person" : "people"}`;
      const lines = `${read} ${data.rowsRead === 1 ? "line" : "lines"}`;
      const said = filtered
        ? `${people} that the filter keeps, counted in ${name}, which has ${lines}`
        : `${people} counted in ${lines} of ${name}`;
      return `${said}.${positive}`;
    }
    const isAll = data.rowsRead === null || data.rows === data.rowsRead;
    const of = isAll ? `${rows} ${data.rows === 1 ? "row" : "rows"}` : `${rows} of ${read} rows`;
    return `${of} of ${name}.${positive}`;
  }
  const positive = decision === "" ? "" : `“阳性”指${decision}。`;
  if (counted) return `${name} 以 ${read} 行计数，${filtered ? "筛选后" : ""}共 ${rows} 人。${positive}`;
  const of = data.rowsRead === null || data.rows === data.rowsRead ? `${rows} 行` : `${read} 行中的 ${rows} 行`;
  return `${name} 的 ${of}。${positive}`;
}

function decisionText(report: Report, locale: Locale): string {
  const { decision, label, positive } = report.plan.columns;
  if (typeof decision === "object" && !("column" in decision)) return modelText(decision.at_least, locale);
  const column = decision ?? label;
  const judged =
    report.model?.output === "probabilities" || report.model?.output === "score" || report.model?.output === "value";
  if (
    judged &&
    decision === undefined &&
    report.plan.columns.score === undefined &&
    report.plan.columns.prediction === undefined
  ) {
    return modelText(0.5, locale);
  }
  if (column === undefined) return "";
  if (decision === undefined || typeof decision === "string") {
    const value = positive ?? (locale === "en" ? "1 or true" : "1 或 true");
    return locale === "en" ? `${column} is ${value}` : ` ${column} 为 ${value}`;
  }
  if ("at_least" in decision) {
    return locale === "en"
      ? `${decision.column} is ${decision.at_least} or more`
      : ` ${decision.column} 不低于 ${decision.at_least}`;
  }
  return locale === "en" ? `${decision.column} is ${decision.equals}` : ` ${decision.column} 为 ${decision.equals}`;
}

function modelText(bound: number, locale: Locale): string {
  return locale === "en" ? `the model's score is ${bound} or more` : `模型得分不低于 ${bound}`;
}

/** The plan's roles, filter and policies, as name and text. */
export function planLines(report: Report, locale: Locale): [string, string][] {
  const { columns, data, policy } = report.plan;
  const w = words[locale];
  const list = locale === "en" ? ", " : "、";
  const { model } = report;
  const names: [string, readonly string[]][] = [
    [
      w.model,
      model === null ? [] : [`${model.file} (${w.inputs}: ${model.inputs.length}, ${model.digest.slice(0, 19)}…)`],
    ],
    [w.roles.label, columns.label === undefined ? [] : [columns.label]],
    [
      w.roles.decision,
      columns.decision === undefined
        ? []
        : typeof columns.decision === "string"
          ? [columns.decision]
          : "column" in columns.decision
            ? [columns.decision.column]
            : [modelText(columns.decision.at_least, locale)],
    ],
    [w.roles.score, columns.score === undefined ? [] : [columns.score]],
    [w.roles.prediction, columns.prediction === undefined ? [] : [columns.prediction]],
    [w.roles.query, columns.query === undefined ? [] : [columns.query]],
    [w.roles.protected, columns.protected.map((one) => (typeof one === "string" ? one : one.column))],
    [w.roles.control, columns.control],
    [w.roles.quasi_identifiers, columns.quasi_identifiers],
    [w.roles.sensitive, columns.sensitive],
    [w.roles.features, columns.features],
    [w.roles.weight, columns.weight === undefined ? [] : [columns.weight]],
    [w.filter, data.where === undefined ? [] : [data.where]],
    [w.policy, policy.map((one) => (typeof one === "string" ? one : one.title[locale]))],
  ];
  return names.filter(([, texts]) => texts.length > 0).map(([name, texts]) => [name, texts.join(list)]);
}

/** Files that the model is read from beside its own: name, digest and size. */
export function modelFiles(
  { model }: Report,
  locale: Locale,
): readonly { readonly name: string; readonly digest: string; readonly size: string }[] {
  return (model?.files ?? []).map(({ name, digest, sizeBytes }) => {
    const count = formatNumber(sizeBytes, "count", locale);
    const unit = sizeBytes === 1 ? "byte" : "bytes";
    return { name, digest, size: locale === "en" ? `${count} ${unit}` : `${count} 字节` };
  });
}

/** `2026-11-23 14:02 UTC`: the same text wherever it is read. */
export function startedText(startedAt: string): string {
  return `${startedAt.slice(0, 10)} ${startedAt.slice(11, 16)} UTC`;
}
