import type { FeedbackState } from "@assay/schema";
import { useTranslations } from "next-intl";

const marks: Readonly<Record<FeedbackState, string>> = {
  new: "○",
  "in-review": "◐",
  upheld: "▲",
  resolved: "●",
  dismissed: "–",
  withdrawn: "×",
  spam: "×",
};

/** Where a report stands: shape and word, then colour on what somebody must act on. */
export function FeedbackStateText({ state }: { state: FeedbackState }) {
  const t = useTranslations("feedback.states");
  const tone = state === "upheld" ? "text-fail" : state === "resolved" ? "text-pass" : "";
  return (
    <span className={`whitespace-nowrap ${tone}`}>
      <span aria-hidden="true" className="mr-1.5 inline-block w-3 text-center">
        {marks[state]}
      </span>
      {t(state)}
    </span>
  );
}
