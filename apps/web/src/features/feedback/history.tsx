import { displayText } from "@assay/report/text";
import { type FeedbackState, feedbackStates } from "@assay/schema";
import { useTranslations } from "next-intl";
import { Moment } from "../../components/moment.tsx";
import type { FeedbackDetail } from "../../trpc/types.ts";

/** What was done with a report, by whom and when, the newest first. */
export function History({ events }: { events: FeedbackDetail["events"] }) {
  const t = useTranslations("feedback.history");
  const states = useTranslations("feedback.states");
  const stateText = (detail: string): string => {
    const state: FeedbackState | undefined = feedbackStates.find((one) => one === detail);
    return state === undefined ? detail : states(state);
  };
  return (
    <ol className="m-0 list-none border-t border-line p-0 text-sm">
      {[...events].reverse().map(({ at, user, kind, detail, note }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: history does not change its order
        <li key={index} className="grid gap-x-4 border-b border-line py-2 sm:grid-cols-[160px_minmax(0,1fr)]">
          <span className="text-muted">
            <Moment at={at} />
          </span>
          <span className="break-words">
            {t(`kinds.${kind}`, {
              what: kind === "state" ? stateText(detail) : displayText(detail),
              known: detail === "" ? "no" : "yes",
            })}
            {user === null ? null : <span className="ml-2 text-muted">{user.name}</span>}
            {note === "" ? null : <span className="mt-1 block max-w-[68ch] whitespace-pre-line">{note}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}
