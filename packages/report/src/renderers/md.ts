import type { AuditResult, Figure, Locale, Report, Table } from "@assay/schema";
import { answer } from "../answer.ts";
import { deviceText } from "../device-text.ts";
import { displayText, tieNumbers } from "../display-text.ts";
import { figureTable } from "../figures/figure-table.ts";
import { findingParts, sortedFindings } from "../findings.ts";
import { formatNumber } from "../format.ts";
import { clauseEvidence, evidenceText, lawChecked, lawDates, lawFacts, lawWords } from "../laws.ts";
import { pillarVerdicts } from "../pillar-verdicts.ts";
import { cellText, headText, tableLayout } from "../render-table.ts";
import { words } from "../words/index.ts";
import { isBrief, verdictSigns } from "./html.ts";
import type { Renderer } from "./renderer.ts";
import { ledeOf, modelFiles, planLines, startedText } from "./report-lines.ts";

/** Rows of a table shown before the rest is left to the report itself: a comment must stay readable. */
const mostRows = 40;

/**
 * GitHub-flavoured Markdown, short enough for a pull request. Texts of the data cannot form mark-up, mention people, link or refer
 * to issues.
 */
export const md = {
  id: "md",
  extension: "md",
  mediaType: "text/markdown; charset=utf-8",
  render: (report, { locale }) => {
    const w = words[locale];
    const blocks: string[] = [
      `# ${escapeMarkdown(answer(report, locale))}`,
      `**${escapeMarkdown(report.plan.project)}** · ${w.report} · ${startedText(report.environment.startedAt)}`,
      escapeMarkdown(ledeOf(report, locale)),
      tableText(
        [w.result, w.check, ""],
        pillarVerdicts(report).map(({ pillar, verdict, line }) => [
          `${verdictSigns[verdict]} ${w.verdict[verdict]}`,
          `**${w.pillar[pillar]}**`,
          escapeMarkdown(line[locale]),
        ]),
        ["left", "left", "left"],
      ),
    ];
    if (report.gate.rules.length > 0) {
      blocks.push(`## ${w.checks}`);
      blocks.push(
        report.gate.rules
          .map(
            (rule) =>
              `- ${verdictSigns[rule.verdict]} **${w.verdict[rule.verdict]}** ${escapeMarkdown(rule.text[locale])} (${escapeMarkdown(
                rule.source === "plan" ? w.ofPlan : rule.source,
              )}${rule.volatile === true ? `${locale === "en" ? "; " : "；"}${w.volatileShort}` : ""})`,
          )
          .join("\n"),
      );
    }
    if (report.data.warnings.length > 0) {
      blocks.push(`**${w.notes}**`);
      blocks.push(report.data.warnings.map((warning) => `- ${escapeMarkdown(warning[locale])}`).join("\n"));
    }
    blocks.push(`## ${w.findings}`);
    const findings = sortedFindings(report);
    if (findings.length === 0) blocks.push(w.noFindings);
    for (const { finding, verdict } of findings.filter((one) => !isBrief(one))) {
      const { claim, rest } = findingParts(finding.text[locale]);
      const severity = verdict === "fail" || verdict === "indeterminate" ? ` · ${w.severity[finding.severity]}` : "";
      blocks.push(`### ${verdictSigns[verdict]} ${escapeMarkdown(tieNumbers(claim, locale))}`);
      blocks.push(
        `${w.verdict[verdict]}${severity}${rest === "" ? "" : `\n\n${escapeMarkdown(tieNumbers(rest, locale))}`}`,
      );
    }
    const brief = findings.filter(isBrief);
    if (brief.length > 0) {
      const lines = brief.map(({ finding, verdict }) => {
        const { claim, rest } = findingParts(finding.text[locale]);
        return `- ${verdictSigns[verdict]} **${escapeMarkdown(tieNumbers(claim, locale))}** ${escapeMarkdown(tieNumbers(rest, locale))}`.trimEnd();
      });
      blocks.push(folded(`${w.alsoNoted} (${brief.length})`, lines.join("\n")));
    }
    for (const audit of report.audits) blocks.push(...auditBlocks(audit, locale));
    blocks.push(...lawBlocks(report, locale));
    const undone = report.audits.filter((audit) => audit.status !== "completed");
    if (undone.length > 0) {
      blocks.push(`## ${w.notDone}`);
      blocks.push(
        undone
          .map(
            (audit) => `- \`${audit.id}\` ${w.status[audit.status]}: ${escapeMarkdown(audit.reason?.[locale] ?? "–")}`,
          )
          .join("\n"),
      );
    }
    blocks.push(`## ${w.evidence}`);
    const { environment } = report;
    blocks.push(
      [
        `- ${w.digest}: \`${report.digest}\` (${w.unsigned})`,
        `- ${w.data}: \`${report.data.digest}\``,
        ...(report.model === null
          ? []
          : [`- ${w.model}: \`${report.model.digest}\`, ${escapeMarkdown(report.model.file)}`]),
        ...modelFiles(report, locale).map(
          ({ name, digest, size }) => `  - ${w.modelFile}: \`${digest}\`, ${escapeMarkdown(name)}, ${size}`,
        ),
        `- ${w.plan}: \`${report.sections.plan}\`, ${w.seed} ${environment.seed}`,
        ...planLines(report, locale).map(([name, text]) => `- ${name}: ${escapeMarkdown(text)}`),
        `- ${w.computedOn}: ${deviceText(environment, locale)}, ${formatNumber(environment.seconds, "number", locale, { decimals: 1 })} s, assay ${escapeMarkdown(environment.assay)}`,
      ].join("\n"),
    );
    if (report.model?.format === "endpoint") blocks.push(w.endpoint);
    return `${blocks.join("\n\n")}\n`;
  },
} as const satisfies Renderer;

/** Laws of the plan, each folded: provision by provision. */
function lawBlocks(report: Report, locale: Locale): string[] {
  const policies = report.gate.policies ?? [];
  if (policies.length === 0) return [];
  const w = lawWords[locale];
  const joined = (items: readonly string[], none: string): string =>
    items.length === 0 ? none : items.map(escapeMarkdown).join(locale === "en" ? "; " : "；");
  return [
    `## ${w.title}`,
    escapeMarkdown(w.lead),
    ...policies.map((policy) =>
      folded(
        escapeMarkdown(policy.title[locale]),
        [
          escapeMarkdown(lawFacts(policy, locale)),
          ...[
            policy.note?.[locale],
            ...lawDates(policy, locale),
            ...lawChecked(policy, locale),
            policy.citation,
            policy.source,
          ]
            .filter((one) => one !== undefined)
            .map((one) => escapeMarkdown(one)),
          tableText(
            [w.clause, w.asks, w.evidence, w.document],
            (policy.clauses ?? []).map((clause) => [
              escapeMarkdown(clause.cite),
              escapeMarkdown(clause.asks[locale]),
              joined(
                clauseEvidence(report, clause).map((one) => evidenceText(one, locale)),
                w.noNumber,
              ),
              joined(
                (clause.document ?? []).map((one) => one[locale]),
                "–",
              ),
            ]),
            ["left", "left", "left", "left"],
          ),
        ].join("\n\n"),
      ),
    ),
  ];
}

function auditBlocks(audit: AuditResult, locale: Locale): string[] {
  const w = words[locale];
  // A figure has no picture in Markdown; small ones are told as their table, where no table of the audit does.
  const figures = audit.figures.filter(
    (figure): figure is Figure => figure.kind === "intervals" || figure.kind === "tree",
  );
  const tables = [...audit.tables, ...(audit.tables.length === 0 ? figures.map(figureTable) : [])];
  if (tables.length === 0) return [];
  const pillar = w.pillar[audit.id.slice(0, audit.id.indexOf(".")) as keyof typeof w.pillar];
  return [
    `## ${pillar} · \`${audit.id}\``,
    ...(audit.volatile === true ? [w.volatile] : []),
    ...tables.map((table) => folded(escapeMarkdown(table.title[locale]), tableBlocks(table, locale).join("\n\n"))),
  ];
}

function tableBlocks(table: Table, locale: Locale): string[] {
  const layout = tableLayout(table, locale);
  const rows = table.rows.slice(0, mostRows).map((row) =>
    layout.map((column, index) => {
      const cell = cellText(row.cells[index] ?? null, column, locale);
      return escapeMarkdown(cell.interval === "" ? cell.value : `${cell.value} (${cell.interval})`);
    }),
  );
  const left = table.rows.length - rows.length;
  const more = left > 0 ? [locale === "en" ? `${left} more rows are in the report.` : `另有 ${left} 行见报告。`] : [];
  return [
    escapeMarkdown(tieNumbers(table.caption[locale], locale)),
    tableText(
      layout.map((column) => escapeMarkdown(headText(column, locale))),
      rows,
      layout.map((column) => (column.format === "text" ? "left" : "right")),
    ),
    ...more,
  ].filter((block) => block !== "");
}

/** Closed until it is asked for, where Markdown is shown by GitHub or GitLab; elsewhere it stands open. */
function folded(summary: string, body: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

function tableText(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  sides: readonly ("left" | "right")[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(sides.map((side) => (side === "left" ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

/** Text as text: no mark-up, no HTML, no mention, no link, no issue number. */
export function escapeMarkdown(text: string): string {
  return displayText(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/#(?=\d)/g, "&#35;")
    .replaceAll("@", "&#64;")
    .replace(/:(?=\/\/)/g, "&#58;")
    .replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}&#46;`)
    .replace(/[\\`*_[\]|~$]/g, (sign) => `\\${sign}`)
    .replace(/^(\s*)([-+=#])/, "$1\\$2")
    .replace(/^(\s*\d+)([.)])/, "$1\\$2");
}
