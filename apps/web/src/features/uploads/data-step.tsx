"use client";

import { AssayError, isAssayError } from "@assay/schema";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../components/button.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { sizeText } from "../../components/quantities.ts";
import { useTRPCClient } from "../../trpc/client.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import { DropArea } from "./drop-area.tsx";
import { type FileUpload, uploadFile } from "./upload-file.ts";

type State =
  | { readonly at: "waiting" }
  | { readonly at: "sending"; readonly file: File; readonly sent: number }
  | { readonly at: "reading"; readonly file: File }
  | { readonly at: "failed"; readonly file: File; readonly fault: Fault };

/** From a file to a dataset: send, read, and then on to the columns. */
export function DataStep({ project, limitBytes }: { project: { id: string; slug: string }; limitBytes: number }) {
  const t = useTranslations("upload");
  const client = useTRPCClient();
  const router = useRouter();
  const [state, setState] = useState<State>({ at: "waiting" });
  const [counts, setCounts] = useState(false);
  const upload = useRef<FileUpload | null>(null);
  useEffect(() => () => upload.current?.cancel(), []);

  const start = async (file: File) => {
    if (file.size > limitBytes) {
      const message = t("tooLarge", { size: sizeText(file.size), limit: sizeText(limitBytes) });
      setState({ at: "failed", file, fault: faultOf(new AssayError("data-too-large", message).toJSON()) });
      return;
    }
    setState({ at: "sending", file, sent: 0 });
    const sending = uploadFile(file, {
      project: project.id,
      onProgress: (sent) =>
        setState((now) => (now.at === "sending" ? { ...now, sent: Math.max(now.sent, sent) } : now)),
    });
    upload.current = sending;
    try {
      const id = await sending.finished;
      upload.current = null;
      setState({ at: "reading", file });
      const dataset = await client.datasets.create.mutate({ project: project.id, upload: id, name: file.name, counts });
      router.replace(`/projects/${project.slug}/new?dataset=${dataset.id}`);
      router.refresh();
    } catch (error) {
      upload.current = null;
      if (isAssayError(error) && error.code === "cancelled") setState({ at: "waiting" });
      else setState({ at: "failed", file, fault: faultOf(isAssayError(error) ? error.toJSON() : error) });
    }
  };

  if (state.at === "waiting") {
    return (
      <>
        <DropArea limitBytes={limitBytes} onFile={start} />
        <label className="mt-3 flex items-baseline gap-2 text-sm text-muted">
          <input
            type="checkbox"
            checked={counts}
            onChange={(event) => setCounts(event.target.checked)}
            className="accent-ink"
          />
          {t("counts")}
        </label>
      </>
    );
  }
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
            <Button onClick={() => start(file)}>{t("retry")}</Button>
            <Button onClick={() => setState({ at: "waiting" })}>{t("other")}</Button>
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
            <span role="status">{state.at === "sending" ? t("sending") : t("reading")}</span>
            {state.at === "sending" ? <Button onClick={() => upload.current?.cancel()}>{t("cancel")}</Button> : null}
          </div>
        </>
      )}
    </div>
  );
}
