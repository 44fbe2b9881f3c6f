import type { GateRule, Locale, Report, Verdict } from "@assay/schema";
import type { ExitCode } from "./context.ts";

/** A failed audit means the run was not completed, whatever the gate says. */
export function gateExit(report: Report, failOnIndeterminate: boolean): ExitCode {
  if (report.audits.some((audit) => audit.status === "failed")) return 2;
  switch (report.gate.verdict) {
    case "fail":
      return 1;
    case "indeterminate":
      return failOnIndeterminate ? 1 : 3;
    case "pass":
    case "none":
      return 0;
  }
}

const signs: Record<Verdict, string> = { pass: "●", fail: "▲", indeterminate: "◐", info: "◇" };
const words: Record<Locale, Record<Verdict, string>> = {
  en: { pass: "holds", fail: "fails", indeterminate: "cannot tell", info: "note" },
  "zh-CN": { pass: "满足", fail: "未满足", indeterminate: "尚不能判断", info: "说明" },
};

const mostFindings = 8;

/** The report in a screenful: the answer, the rules, the findings that matter most, where the files are. */
export async function resultText(report: Report, locale: Locale, files: readonly string[]): Promise<string> {
  const { answer, displayText, findingParts, ledeOf, sortedFindings } = await import("@assay/report/text");
  const lines = [answer(report, locale), ledeOf(report, locale), ""];
  for (const rule of report.gate.rules) lines.push(ruleLine(rule, locale));
  if (report.gate.rules.length > 0) lines.push("");
  const findings = sortedFindings(report);
  for (const { finding, verdict } of findings.slice(0, mostFindings)) {
    const { claim, rest } = findingParts(finding.text[locale]);
    lines.push(`${signs[verdict]} ${claim}`, ...(rest === "" ? [] : [`  ${rest}`]));
  }
  if (findings.length > mostFindings) {
    const more = findings.length - mostFindings;
    lines.push(locale === "en" ? `  … and ${more} more findings in the report` : `  …… 报告中还有 ${more} 条结论`);
  }
  for (const audit of report.audits) {
    if (audit.status === "skipped") {
      lines.push(`– ${audit.id} ${locale === "en" ? "skipped: " : "未运行："}${audit.reason?.[locale] ?? ""}`);
    }
  }
  lines.push("", `${locale === "en" ? "Digest" : "摘要"}  ${report.digest}`);
  const volatile = report.audits.filter((audit) => audit.volatile === true).map(({ id }) => id);
  if (volatile.length > 0) {
    lines.push(
      locale === "en"
        ? `        without ${volatile.join(", ")}: measured on the machine, other numbers in every run`
        : `        不含 ${volatile.join("、")}：在机器上测得，每次运行数字不同`,
    );
  }
  lines.push(`${locale === "en" ? "Files " : "文件"}  ${files.join(", ")}`);
  return lines.map(displayText).join("\n");
}

function ruleLine(rule: GateRule, locale: Locale): string {
  return `${signs[rule.verdict]} ${words[locale][rule.verdict]}  ${rule.text[locale]}`;
}
