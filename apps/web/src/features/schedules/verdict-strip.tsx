import Link from "next/link";
import { useTranslations } from "next-intl";
import { classNames } from "../../components/class-names.ts";
import { looks, outcomeOf } from "../../components/verdict.tsx";
import type { ScheduleTick } from "../../trpc/types.ts";

/** Verdicts in time, the oldest first: a mark each, which opens its run. */
export function VerdictStrip({
  ticks,
  slug,
  momentOf,
}: {
  ticks: readonly Pick<ScheduleTick, "dueAt" | "outcome" | "run">[];
  slug: string;
  /** A time in words. */
  momentOf: (at: string) => string;
}) {
  const t = useTranslations("schedules");
  const outcome = useTranslations("outcome");
  return (
    <ol
      aria-label={t("page.history.strip")}
      className="m-0 mb-4 flex list-none flex-wrap gap-y-1 border-t border-line p-0 pt-3"
    >
      {ticks.map(({ dueAt, outcome: came, run }) => {
        const key = run === null ? (came === "failed" ? "broken" : "cancelled") : outcomeOf(run);
        const { shape, colour } = looks[key];
        const look = classNames("plain block w-6 text-center text-sm leading-6", colour);
        const when = momentOf(dueAt);
        if (run === null) {
          const said = `${when}: ${t(came === "failed" ? "tick.failed" : "table.removed")}`;
          return (
            <li key={dueAt} title={said} className={look}>
              <span aria-hidden="true">{shape}</span>
              <span className="sr-only">{said}</span>
            </li>
          );
        }
        const said = t("page.history.run", { number: run.number, when, outcome: outcome(key) });
        return (
          <li key={dueAt}>
            <Link
              href={`/projects/${slug}/runs/${run.number}`}
              title={said}
              className={classNames(look, "rounded-sm hover:bg-press hover:no-underline")}
            >
              <span aria-hidden="true">{shape}</span>
              <span className="sr-only">{said}</span>
            </Link>
          </li>
        );
      })}
    </ol>
  );
}
