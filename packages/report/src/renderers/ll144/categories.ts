import type { AuditResult, Measure, Report } from "@assay/schema";

/** The audit whose evidence the summary shows. */
export const summarised = "fairness.impact-ratio";

export interface SummaryRow {
  /** column → text; null is unknown. */
  readonly group: Readonly<Record<string, string | null>>;
  /** Null where the report withholds it. */
  readonly people: number | null;
  /** People with the outcome, where rates count a selection. */
  readonly chosen: number | null;
  readonly rate: Measure;
  readonly ratio: Measure;
  readonly isUnknown: boolean;
  /** Left out of the ratios for its share of the data. */
  readonly isExcluded: boolean;
}

/** One table of the summary: a rate and its ratios by one column, or by columns crossed. */
export interface SummaryTable {
  readonly kind: "selection" | "scoring";
  readonly by: readonly string[];
  /** Known categories first, in the order of the report. */
  readonly rows: readonly SummaryRow[];
  /** People of known categories, and of unknown ones; null where the report withholds some of them. */
  readonly known: number | null;
  readonly unknown: number | null;
}

const kinds = [
  { kind: "selection", rates: ["selection-rate", "favourable-rate"], ratio: "impact-ratio" },
  { kind: "scoring", rates: ["scoring-rate"], ratio: "scoring-impact-ratio" },
] as const;

/** The tables that the audit's measures hold, columns one by one before crossed ones. */
export function summaryTables({ measures }: Pick<AuditResult, "measures">): readonly SummaryTable[] {
  const groupings = new Map<string, readonly string[]>();
  for (const { group } of measures) {
    if (group) groupings.set(JSON.stringify(Object.keys(group)), Object.keys(group));
  }
  return kinds.flatMap(({ kind, rates, ratio }) =>
    [...groupings.values()].flatMap((by): SummaryTable[] => {
      const own = measures.filter(({ group }) => group && JSON.stringify(Object.keys(group)) === JSON.stringify(by));
      const ratios = new Map(
        own.filter(({ metric }) => metric === ratio).map((measure) => [JSON.stringify(measure.group), measure]),
      );
      const rows = own.flatMap((rate): SummaryRow[] => {
        const its = ratios.get(JSON.stringify(rate.group));
        if (!rate.group || !its || !rates.some((name) => name === rate.metric)) return [];
        const people = rate.n ?? null;
        return [
          {
            group: rate.group,
            people,
            chosen: people === null || rate.value === null ? null : Math.round(rate.value * people),
            rate,
            ratio: its,
            isUnknown: Object.values(rate.group).includes(null),
            isExcluded: its.reason?.startsWith("excluded") === true,
          },
        ];
      });
      if (rows.length === 0) return [];
      const sum = (some: readonly SummaryRow[]): number | null =>
        some.reduce<number | null>(
          (total, { people }) => (total === null || people === null ? null : total + people),
          0,
        );
      const unknown = rows.filter((row) => row.isUnknown);
      const known = rows.filter((row) => !row.isUnknown);
      return [{ kind, by, rows: [...known, ...unknown], known: sum(known), unknown: sum(unknown) }];
    }),
  );
}

/** Whether a report holds what the summary of Local Law 144 shows. */
export function hasSummary(report: Pick<Report, "audits">): boolean {
  const audit = report.audits.find((one) => one.id === summarised);
  return audit?.status === "completed" && summaryTables(audit).length > 0;
}

/** What the plan says for the summary; empty where it says nothing. */
export interface SummaryWords {
  readonly tool: string;
  readonly auditDate: string;
  readonly auditor: string;
  readonly distributionDate: string;
  readonly dataSource: string;
  readonly dataExplanation: string;
  readonly dataDates: string;
  readonly exclusionReason: string;
}

export function summaryWords(settings: Readonly<Record<string, unknown>> | undefined): SummaryWords {
  const text = (key: string): string => {
    const value = settings?.[key];
    return typeof value === "string" ? value.trim() : "";
  };
  return {
    tool: text("tool"),
    auditDate: text("audit_date"),
    auditor: text("auditor"),
    distributionDate: text("distribution_date"),
    dataSource: text("data_source"),
    dataExplanation: text("data_explanation"),
    dataDates: text("data_dates"),
    exclusionReason: text("exclusion_reason"),
  };
}

/**
 * The last day on which a tool may be used on an audit of that day: a year after it (6 RCNY § 5-301(a)). Null for a text that
 * is no day such as 2026-11-24.
 */
export function lastDayOfUse(auditDate: string): string | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(auditDate);
  if (!match) return null;
  const [, year = "", month = "", day = ""] = match;
  const days = daysOf(Number(year), Number(month));
  if (Number(day) < 1 || Number(day) > days) return null;
  // There is a 29 February once in four years.
  return `${String(Number(year) + 1).padStart(4, "0")}-${month}-${month === "02" && day === "29" ? "28" : day}`;
}

function daysOf(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}
