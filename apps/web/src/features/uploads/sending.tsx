"use client";

import { useTranslations } from "next-intl";
import { Button } from "../../components/button.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { sizeText } from "../../components/quantities.ts";
import type { Fault } from "../../trpc/fault.ts";
import { bytesOf, type Uploading, type UploadState } from "./use-upload.ts";

/** Files on their way: how far they are, or what stopped them. `reading` says what the server does with them. */
export function Sending({
  state,
  uploading,
  reading,
  advice,
}: {
  state: Exclude<UploadState, { readonly at: "waiting" }>;
  uploading: Uploading;
  reading: string;
  /** What else helps against a fault; null: its own words say all. */
  advice?: (fault: Fault) => string | null;
}) {
  const t = useTranslations("upload");
  const { files } = state;
  const [first] = files;
  const size = bytesOf(files);
  const fraction = state.at === "sending" ? (size === 0 ? 1 : state.sent / size) : 1;
  const advised = state.at === "failed" ? (advice?.(state.fault) ?? null) : null;
  return (
    <div className="grid min-h-52 content-center rounded-md border border-line px-6 py-8">
      <p className="m-0 mb-3 flex items-baseline justify-between gap-4">
        <b className="min-w-0 truncate font-semibold">
          {files.length === 1
            ? first?.file.name
            : t("several", { name: first?.file.name ?? "", count: files.length - 1 })}
        </b>
        <span className="text-sm whitespace-nowrap text-muted">
          {state.at === "sending" ? t("sent", { sent: sizeText(state.sent), size: sizeText(size) }) : sizeText(size)}
        </span>
      </p>
      {state.at === "failed" ? (
        <>
          <FaultText fault={state.fault} />
          {advised === null ? null : <p className="m-0 mb-4 text-sm text-muted">{advised}</p>}
          <div className="flex gap-2">
            <Button onClick={() => uploading.start(files)}>{t("retry")}</Button>
            <Button onClick={uploading.reset}>{t(files.length === 1 ? "other" : "others")}</Button>
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
