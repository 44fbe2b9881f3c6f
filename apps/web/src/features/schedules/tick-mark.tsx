import { useTranslations } from "next-intl";
import { outcomeOf, Verdict } from "../../components/verdict.tsx";
import type { ScheduleTick } from "../../trpc/types.ts";

/** What came of a due time: its run's verdict, or why there is none. */
export function TickMark({ tick }: { tick: Pick<ScheduleTick, "outcome" | "run"> }) {
  const t = useTranslations("schedules");
  if (tick.outcome === "failed") {
    return (
      <span className="text-xs font-semibold whitespace-nowrap text-fail">
        <span aria-hidden="true">✕</span> {t("tick.failed")}
      </span>
    );
  }
  if (tick.outcome !== "run") return <span className="text-xs text-muted">{t(`tick.${tick.outcome}`)}</span>;
  return tick.run === null ? (
    <span className="text-xs text-muted">{t("table.removed")}</span>
  ) : (
    <Verdict outcome={outcomeOf(tick.run)} />
  );
}
