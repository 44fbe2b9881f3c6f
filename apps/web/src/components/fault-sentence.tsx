import type { ErrorCode } from "@assay/schema";
import { useLocale, useTranslations } from "next-intl";
import { sentenceStart } from "./sentence-start.ts";

/** What kind of failure it is, in the reader's language, then the words of what failed, which are English. */
export function FaultSentence({
  code,
  message,
  withKind,
}: {
  code: ErrorCode;
  message: string;
  /** Tells the kind where the words are in the reader's language too. */
  withKind?: boolean;
}) {
  const t = useTranslations("fault.codes");
  const locale = useLocale();
  // Messages repeat their problems under the first line; those are drawn as a list.
  const detail = sentenceStart((message.split("\n", 1)[0] ?? message).replace(/:$/, "."));
  if (locale === "en" && withKind !== true) return detail;
  return (
    <>
      {t(code)} <span lang="en">{detail}</span>
    </>
  );
}
