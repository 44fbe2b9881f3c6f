"use client";

import { useTranslations } from "next-intl";
import { Button } from "../../components/button.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { sizeText } from "../../components/quantities.ts";
import type { Uploading, UploadState } from "./use-upload.ts";

/** A file on its way: how far it is, or what stopped it. `reading` says what the server does with it. */
export function Sending({
  state,
  uploading,
  reading,
}: {
  state: Exclude<UploadState, { readonly at: "waiting" }>;
  uploading: Uploading;
  reading: string;
}) {
  const t = useTranslations("upload");
  const { file } = state;
  const fraction = state.at === "sending" ? (file.size === 0 ? 1 : state.sent / file.size) : 1;
  return (
    <div className="grid min-h-52 content-center rounded-md border border-line px-6 py-8">
      <p className="m-0 mb-3 flex items-baseline justify-between gap-4">
        <b className="min-w-0 truncate font-semibold">{file.name}</b>
        <span className="text-sm whitespace-nowrap text-muted">
          {state.at === "sending"
            ? t("sent", { sent: sizeText(state.sent), size: sizeText(file.size) })
            : sizeText(file.size)}
        </span>
      </p>
      {state.at === "failed" ? (
        <>
          <FaultText fault={state.fault} />
          <div className="flex gap-2">
            <Button onClick={() => uploading.start(file)}>{t("retry")}</Button>
            <Button onClick={uploading.reset}>{t("other")}</Button>
          </div>
        </>
      ) : (
        <>
          <div
            role="progressbar"
            aria-label={t("progress")}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(fraction * 100)}
            className="h-1 overflow-hidden rounded-sm bg-press"
          >
            <div
              className="h-full w-full origin-left bg-accent transition-transform duration-200"
              style={{ transform: `scaleX(${fraction})` }}
            />
          </div>
          <div className="mt-3 flex min-h-8 items-center justify-between gap-4 text-sm text-muted">
            <span role="status">{state.at === "sending" ? t("sending") : reading}</span>
            {state.at === "sending" ? <Button onClick={uploading.cancel}>{t("cancel")}</Button> : null}
          </div>
        </>
      )}
    </div>
  );
}
