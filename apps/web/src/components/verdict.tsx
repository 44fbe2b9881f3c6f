import { useTranslations } from "next-intl";
import { classNames } from "./class-names.ts";

/** Everything a run, a check or a finding can come to. */
export const outcomes = [
  "pass",
  "fail",
  "indeterminate",
  "none",
  "info",
  "queued",
  "running",
  "broken",
  "cancelled",
] as const;
export type Outcome = (typeof outcomes)[number];

/** Shape first, then word, then colour. */
export const looks: Record<Outcome, { shape: string; colour: string }> = {
  pass: { shape: "●", colour: "text-pass" },
  fail: { shape: "▲", colour: "text-fail" },
  indeterminate: { shape: "◐", colour: "text-open" },
  none: { shape: "–", colour: "text-muted" },
  info: { shape: "–", colour: "text-muted" },
  queued: { shape: "○", colour: "text-muted" },
  running: { shape: "◌", colour: "text-accent" },
  broken: { shape: "✕", colour: "text-fail" },
  cancelled: { shape: "–", colour: "text-muted" },
};

export function Verdict({
  outcome,
  note,
  className,
}: {
  outcome: Outcome;
  note?: string | undefined;
  className?: string;
}) {
  const t = useTranslations("outcome");
  const look = looks[outcome];
  return (
    <span className={classNames("text-xs font-semibold whitespace-nowrap", look.colour, className)}>
      <span aria-hidden="true">{look.shape}</span> {t(outcome)}
      {note === undefined ? null : ` · ${note}`}
    </span>
  );
}

/** What a run shows as: its verdict once it is complete, else where it stands. */
export function outcomeOf(run: {
  status: "queued" | "running" | "completed" | "failed" | "cancelled";
  verdict: "pass" | "fail" | "indeterminate" | "none" | null;
}): Exclude<Outcome, "info"> {
  switch (run.status) {
    case "completed":
      return run.verdict ?? "none";
    case "failed":
      return "broken";
    default:
      return run.status;
  }
}

/** Findings by verdict, as `▲ 2  ◐ 1  ● 3`; verdicts without any are left out. */
export function FindingCounts({
  counts,
}: {
  counts: { fail: number; indeterminate: number; pass: number; info: number };
}) {
  const t = useTranslations("outcome.counts");
  const shown = (["fail", "indeterminate", "pass"] as const).filter((verdict) => counts[verdict] > 0);
  if (shown.length === 0) {
    return <span className="text-muted">{counts.info === 0 ? "–" : t("info", { count: counts.info })}</span>;
  }
  return (
    <span className="inline-flex gap-3 whitespace-nowrap">
      {shown.map((verdict) => (
        <span key={verdict}>
          <span aria-hidden="true" className={classNames("text-xs", looks[verdict].colour)}>
            {looks[verdict].shape}
          </span>{" "}
          <span aria-hidden="true">{counts[verdict]}</span>
          <span className="sr-only">{t(verdict, { count: counts[verdict] })}</span>
        </span>
      ))}
    </span>
  );
}
