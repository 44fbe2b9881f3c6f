import type { AuditResult, Clause, LawStatus, Locale, Policy, Report } from "@assay/schema";

/** What one audit of a report gives a clause. */
export interface ClauseEvidence {
  readonly audit: AuditResult["id"];
  /** shown: numbers stand in the report; none: the audit ran and gave none of those meant; not-run: it is not in the report. */
  readonly state: "shown" | "none" | "failed" | "skipped" | "not-run";
  /** Numbers that are known, of those that speak to the clause. */
  readonly numbers: number;
}

/** Which numbers of a report speak to a clause. */
export function clauseEvidence(report: Pick<Report, "audits">, clause: Clause): readonly ClauseEvidence[] {
  return (clause.evidence ?? []).map(({ audit: id, metrics }): ClauseEvidence => {
    const audit = report.audits.find((one) => one.id === id);
    if (audit === undefined) return { audit: id, state: "not-run", numbers: 0 };
    if (audit.status !== "completed") return { audit: id, state: audit.status, numbers: 0 };
    const numbers = audit.measures.filter(
      ({ metric, value }) => value !== null && (metrics === undefined || metrics.includes(metric)),
    ).length;
    return { audit: id, state: numbers > 0 ? "shown" : "none", numbers };
  });
}

const status = {
  en: {
    "in-force": "in force",
    enacted: "enacted, not yet applied",
    delayed: "delayed",
    proposed: "proposed",
    rescinded: "rescinded",
    guidance: "guidance",
    own: "your own",
  },
  "zh-CN": {
    "in-force": "现行有效",
    enacted: "已颁布，尚未施行",
    delayed: "推迟适用",
    proposed: "拟议中",
    rescinded: "已废止",
    guidance: "指南",
    own: "自定",
  },
} as const satisfies Record<Locale, Record<LawStatus, string>>;

export const lawWords = {
  en: {
    title: "Laws and guidance",
    lead: "What each provision asks, which numbers of this report speak to it, and what remains to be documented. No number here decides whether a law is met, and a run that somebody starts for themselves is no independent audit.",
    clause: "Provision",
    asks: "Asks",
    evidence: "In this report",
    document: "To be documented",
    dates: "Dates",
    checked: "Checked on",
    source: "Source",
    jurisdiction: "Where",
    status: "Status",
    noNumber: "no number",
    speaks: "What speaks to it",
    judges: "Its rules",
    reports: "It sets no bound: a plan under it reports, and judges nothing.",
  },
  "zh-CN": {
    title: "法律与指南",
    lead: "以下列出各条款的要求、本报告中与之相关的数字，以及仍须另行记录的事项。这里的任何数字都不能判定是否符合法律；自行启动的运行也不是独立审计。",
    clause: "条款",
    asks: "要求",
    evidence: "本报告中",
    document: "须另行记录",
    dates: "日期",
    checked: "核对日期",
    source: "出处",
    jurisdiction: "适用范围",
    status: "状态",
    noNumber: "无数字",
    speaks: "相关内容",
    judges: "规则",
    reports: "没有设定界限：采用它的计划只报告，不作判定。",
  },
} as const satisfies Record<Locale, Record<string, string>>;

export function lawStatusText(of: LawStatus, locale: Locale): string {
  return status[locale][of];
}

/** `in force · New York City, hiring and promotion · checked on 2026-12-01`. */
export function lawFacts(policy: Policy, locale: Locale): string {
  return [
    lawStatusText(policy.status, locale),
    ...(policy.jurisdiction === undefined ? [] : [policy.jurisdiction[locale]]),
    ...(policy.checkedOn === undefined
      ? []
      : [locale === "en" ? `checked on ${policy.checkedOn}` : `核对于 ${policy.checkedOn}`]),
  ].join(" · ");
}

/** `Read for the check: a stored copy of …`; empty where nothing is told. */
export function lawChecked({ checkedAgainst }: Policy, locale: Locale): readonly string[] {
  if (checkedAgainst === undefined) return [];
  return [locale === "en" ? `Read for the check: ${checkedAgainst.en}` : `核对依据：${checkedAgainst["zh-CN"]}`];
}

/** `2023-07-05: the rules apply and are enforced`. */
export function lawDates(policy: Policy, locale: Locale): readonly string[] {
  const sign = locale === "en" ? ": " : "：";
  return (policy.dates ?? []).map(({ on, what }) => `${on}${sign}${what[locale]}`);
}

/** `fairness.impact-ratio: 12 numbers`, or why there is none. */
export function evidenceText({ audit, state, numbers }: ClauseEvidence, locale: Locale): string {
  if (locale === "en") {
    const said = {
      shown: numbers === 1 ? "1 number" : `${numbers} numbers`,
      none: "none of its numbers is known here",
      failed: "failed",
      skipped: "left out",
      "not-run": "not run",
    }[state];
    return `${audit}: ${said}`;
  }
  const said = {
    shown: `${numbers} 个数字`,
    none: "在此没有已知的数字",
    failed: "未能完成",
    skipped: "未执行",
    "not-run": "未运行",
  }[state];
  return `${audit}：${said}`;
}
