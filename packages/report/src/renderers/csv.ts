import { csvText, type Measure, type Report } from "@assay/schema";
import { displayText } from "../display-text.ts";
import type { Renderer } from "./renderer.ts";

const plain = [
  "class",
  "feature",
  "column",
  "split",
  "threshold",
  "version",
  "value",
  "low",
  "high",
  "confidence",
  "n",
  "p",
  "p_adjusted",
  "unit",
  "method",
  "reference",
  "reason",
] as const satisfies readonly (keyof Measure)[];

/** A group that is not known; an empty cell means that the measure is not about groups of that column. */
const unknownGroup = "(unknown)";

/**
 * One row per measure (RFC 4180: CRLF, quotes doubled), the same in every language. Numbers have full precision.
 * `group.<column>` and `stratum.<column>` hold the file's text, its control characters as the other formats show them. Texts
 * that a spreadsheet would run as a formula (they begin with `=`, `+`, `-`, `@`, their full-width forms, a tab or a line end)
 * get an apostrophe in front.
 */
export const csv = {
  id: "csv",
  extension: "csv",
  mediaType: "text/csv; charset=utf-8",
  render: (report) => {
    const groups = keysOf(report, "group");
    const strata = keysOf(report, "stratum");
    const head = [
      "audit",
      "audit_version",
      "metric",
      ...groups.map((name) => `group.${name}`),
      "by",
      ...strata.map((name) => `stratum.${name}`),
      ...plain,
    ];
    const lines = [head.map(textField).join(",")];
    for (const audit of report.audits) {
      for (const measure of audit.measures) {
        lines.push(
          [
            textField(audit.id),
            String(audit.version),
            textField(measure.metric),
            ...groups.map((name) => groupCell(measure.group, name)),
            textField(measure.by?.join(" × ") ?? ""),
            ...strata.map((name) => groupCell(measure.stratum, name)),
            ...plain.map((key) => cell(measure[key])),
          ].join(","),
        );
      }
    }
    return `${lines.join("\r\n")}\r\n`;
  },
} as const satisfies Renderer;

function keysOf(report: Report, part: "group" | "stratum"): string[] {
  const names = report.audits.flatMap((audit) => audit.measures.flatMap((measure) => Object.keys(measure[part] ?? {})));
  return [...new Set(names)].sort();
}

function groupCell(group: Measure["group"], name: string): string {
  if (group === undefined || !Object.hasOwn(group, name)) return "";
  return textField(group[name] ?? unknownGroup);
}

function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "";
  // The shortest text that reads back as the same float64.
  return typeof value === "number" ? String(value) : textField(value);
}

/** What a spreadsheet would run is told by the text as the file has it: a tab in front is a blank once it is shown. */
function textField(text: string): string {
  return displayText(csvText(text));
}
