import {
  decimalsFor,
  formatInterval,
  formatNumber,
  formatP,
  formatPEquation,
  reasonText,
  unitWord,
} from "@assay/report/text";
import type { AuditResult, Locale, Measure, Plan } from "@assay/schema";
import { type Constraint, constraints, gapOf } from "./mitigation-choice.ts";

/** A number with its interval, in brackets; empty where it has none. */
export interface OutcomeSide {
  readonly value: string;
  readonly interval: string;
}

/** One number before and after, on held-out rows, as the page prints it. */
export interface OutcomeRow {
  readonly metric: string;
  readonly before: OutcomeSide;
  readonly after: OutcomeSide;
  readonly change: string;
  /** What changes are counted in. */
  readonly unit: string;
  readonly interval: string;
  readonly p: string;
  /** The same as `p = 0.032`, where no head says what it is. */
  readonly pEquation: string;
  /** Why something of it is not known; empty where all is. */
  readonly reason: string;
}

export interface Outcome {
  readonly constraint: Constraint;
  readonly rows: readonly OutcomeRow[];
  /** Held-out rows, or people where rows stand for many. */
  readonly heldOut: number;
}

/** The gap that was asked about, accuracy, and how many are selected: before, after, and the paired change. Null for an audit that has no numbers. */
export function outcomeOf(result: AuditResult, plan: Plan, locale: Locale): Outcome | null {
  const { measures } = result;
  const settings = plan.audits?.[result.id] ?? {};
  const constraint = constraints.find((one) => one === settings.constraint) ?? "demographic-parity";
  const change = measures.find((one) => one.metric === "accuracy-change" && one.group === undefined);
  if (change === undefined) return null;
  const metrics = [gapOf[constraint], "accuracy", "selection-rate"];
  return {
    constraint,
    heldOut: change.n ?? 0,
    rows: metrics.map((metric): OutcomeRow => {
      const at = (version: string): Measure | undefined =>
        measures.find(
          (one) => one.metric === metric && one.split === "test" && one.version === version && one.group === undefined,
        );
      const moved = measures.find((one) => one.metric === `${metric}-change` && one.group === undefined);
      const [before, after] = [at("before"), at("after")];
      const decimals = Math.max(
        1,
        decimalsFor("points", [{ value: moved?.value ?? null, low: moved?.low, high: moved?.high }]),
      );
      const side = (measure: Measure | undefined): OutcomeSide => {
        const { value = null, low, high } = measure ?? {};
        const text = formatNumber(value, "percent", locale, { decimals, unit: true });
        const interval = formatInterval(low, high, "percent", locale, { decimals, words: true });
        const bracketed = locale === "en" ? `(${interval})` : `（${interval}）`;
        return { value: text, interval: interval === "" ? "" : bracketed };
      };
      const reason = moved?.reason ?? after?.reason ?? before?.reason ?? "";
      const value = moved?.value ?? null;
      const text = formatNumber(value, "points", locale, { decimals });
      return {
        metric,
        before: side(before),
        after: side(after),
        change: value !== null && value > 0 && /[1-9]/.test(text) ? `+${text}` : text,
        unit: value === null ? "" : unitWord("points", locale),
        interval: formatInterval(moved?.low, moved?.high, "points", locale, { decimals, words: true }),
        p: moved?.p === undefined ? "" : formatP(moved.p),
        pEquation: moved?.p === undefined ? "" : formatPEquation(moved.p),
        reason: reasonText(reason)?.[locale] ?? reason,
      };
    }),
  };
}
