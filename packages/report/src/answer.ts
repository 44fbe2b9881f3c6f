import type { GateRule, Locale, LocalizedText, Report } from "@assay/schema";
import { claimSentence, type PlacedFinding, sortedFindings } from "./findings.ts";
import { capital, countEn, countZh } from "./words/counts.ts";

type Answered = Pick<Report, "audits" | "gate">;

/**
 * The sentences that open run page and report: what could not be computed, how many checks fail, then the gravest finding
 * behind it. Without rules the finding alone is the answer, and `ledeOf` says that nothing is judged.
 */
export function answer(report: Answered, locale: Locale): string {
  const telling = tellingSentence(report);
  const checks = isUnjudged(report) ? null : checksSentence(report.gate.rules);
  return [undoneSentence(report), checks, telling]
    .filter((sentence) => sentence !== null)
    .map((sentence) => sentence[locale])
    .join(locale === "en" ? " " : "");
}

/** No rule judges the report, and a finding answers for it. */
export function isUnjudged(report: Answered): boolean {
  return report.gate.rules.length === 0 && tellingSentence(report) !== null;
}

/** What is said of a report without rules. */
export const unjudged: LocalizedText = {
  en: "No rule judges this run, so nothing in it passes or fails.",
  "zh-CN": "本次运行没有设定规则，因此不作通过与否的判断。",
};

function checksSentence(rules: readonly GateRule[]): LocalizedText {
  const all = rules.length;
  if (all === 0) return unjudged;
  const fail = rules.filter((rule) => rule.verdict === "fail").length;
  const open = rules.filter((rule) => rule.verdict === "indeterminate").length;
  const ofAll = {
    en: all === 1 ? "the one check" : all === 2 ? "both checks" : `all ${countEn(all)} checks`,
    zh: all === 1 ? "唯一的检查项" : `全部${countZh(all)}项检查`,
  };
  if (fail === 0 && open === 0) {
    return {
      en: `${capital(ofAll.en)} ${all === 1 ? "holds" : "hold"}.`,
      "zh-CN": `${ofAll.zh}${all === 1 ? "" : "均"}通过。`,
    };
  }
  if (fail === all) {
    return {
      en: `${capital(ofAll.en)} ${all === 1 ? "fails" : "fail"}.`,
      "zh-CN": `${ofAll.zh}${all === 1 ? "" : "均"}未通过。`,
    };
  }
  if (open === all) {
    return {
      en: all === 1 ? "The one check cannot be decided yet." : `None of the ${countEn(all)} checks can be decided yet.`,
      "zh-CN": `${ofAll.zh}${all === 1 ? "" : "都"}尚不能判断。`,
    };
  }
  if (fail === 0) {
    return {
      en: `No check fails, but ${countEn(open)} of ${countEn(all)} cannot be decided yet.`,
      "zh-CN": `没有检查项未通过，但${countZh(all)}项中有${countZh(open)}项尚不能判断。`,
    };
  }
  const rest =
    open === 0
      ? { en: "", zh: "" }
      : { en: `, and ${countEn(open)} cannot be decided yet`, zh: `，${countZh(open)}项尚不能判断` };
  return {
    en: `${capital(countEn(fail))} of ${countEn(all)} checks ${fail === 1 ? "fails" : "fail"}${rest.en}.`,
    "zh-CN": `${countZh(all)}项检查中有${countZh(fail)}项未通过${rest.zh}。`,
  };
}

/** What the counts stand for: a finding about a failing rule's own measures, else the gravest, else the rule itself. */
function tellingSentence(report: Answered): LocalizedText | null {
  const { rules } = report.gate;
  const findings = sortedFindings(report);
  const failing = rules.filter((rule) => rule.verdict === "fail");
  if (failing.length > 0) {
    const behind = findings.find(
      (placed) => placed.verdict === "fail" && failing.some((rule) => speaksOfRule(placed, rule)),
    );
    return (behind && claim(behind)) ?? failing[0]?.text ?? null;
  }
  const open = rules.filter((rule) => rule.verdict === "indeterminate");
  const grave = findings.find(({ verdict }) => verdict === "fail");
  if (grave) return claim(grave);
  if (open.length > 0) {
    const behind = findings.find(
      (placed) => placed.verdict === "indeterminate" && open.some((rule) => speaksOfRule(placed, rule)),
    );
    return (behind && claim(behind)) ?? open[0]?.text ?? null;
  }
  if (rules.length > 0) return null;
  const first = findings[0];
  return first ? claim(first) : null;
}

function speaksOfRule({ audit, finding }: PlacedFinding, rule: GateRule): boolean {
  return rule.measures.some((measure) => measure.audit === audit.id && finding.measures.includes(measure.index));
}

function claim({ finding }: PlacedFinding): LocalizedText {
  return { en: claimSentence(finding.text.en), "zh-CN": claimSentence(finding.text["zh-CN"]) };
}

function undoneSentence(report: Answered): LocalizedText | null {
  const failed = report.audits.filter((audit) => audit.status === "failed").length;
  if (failed === 0) return null;
  return {
    en: `${capital(countEn(failed))} ${failed === 1 ? "audit" : "audits"} could not be completed.`,
    "zh-CN": `有${countZh(failed)}项审计未能完成。`,
  };
}
