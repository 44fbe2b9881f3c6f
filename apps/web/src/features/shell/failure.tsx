"use client";

import { useTranslations } from "next-intl";
import { Button } from "../../components/button.tsx";
import { Actions, Answer, Lede } from "../../components/page.tsx";
import { faultOf } from "../../trpc/fault.ts";

/** A page that could not be made: what to do, and the number under which the log tells more. */
export function Failure({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useTranslations("fault");
  const down = faultOf(error).code === "unreachable";
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : null;
  return (
    <div role="alert">
      <Answer>{t(down ? "downTitle" : "title")}</Answer>
      <Lede>{t(down ? "unreachable" : "text")}</Lede>
      <Actions>
        <Button tone="primary" onClick={() => retry()}>
          {t("retry")}
        </Button>
      </Actions>
      {digest === null || down ? null : <p className="m-0 text-sm text-muted">{t("digest", { digest })}</p>}
    </div>
  );
}
