"use client";

import { AssayError, isAssayError } from "@assay/schema";
import { useEffect, useRef, useState } from "react";
import { sizeText } from "../../components/quantities.ts";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import { type FileUpload, uploadFile } from "./upload-file.ts";

export type UploadState =
  | { readonly at: "waiting" }
  | { readonly at: "sending"; readonly file: File; readonly sent: number }
  | { readonly at: "reading"; readonly file: File }
  | { readonly at: "failed"; readonly file: File; readonly fault: Fault };

export interface Uploading {
  readonly state: UploadState;
  start(file: File): Promise<void>;
  cancel(): void;
  /** Back to no file. */
  reset(): void;
}

/** Sends a file, then has the server read it by `finish`; a failure of either is a state, told in its place. */
export function useUpload({
  project,
  limitBytes,
  tooLarge,
  finish,
}: {
  project: string;
  limitBytes: number;
  /** What is told of a larger file. */
  tooLarge: (sizes: { readonly size: string; readonly limit: string }) => string;
  finish: (upload: string, file: File) => Promise<void>;
}): Uploading {
  const [state, setState] = useState<UploadState>({ at: "waiting" });
  const upload = useRef<FileUpload | null>(null);
  useEffect(() => () => upload.current?.cancel(), []);

  const start = async (file: File) => {
    if (file.size > limitBytes) {
      const message = tooLarge({ size: sizeText(file.size), limit: sizeText(limitBytes) });
      setState({ at: "failed", file, fault: faultOf(new AssayError("data-too-large", message).toJSON()) });
      return;
    }
    setState({ at: "sending", file, sent: 0 });
    const sending = uploadFile(file, {
      project,
      onProgress: (sent) =>
        setState((now) => (now.at === "sending" ? { ...now, sent: Math.max(now.sent, sent) } : now)),
    });
    upload.current = sending;
    try {
      const id = await sending.finished;
      upload.current = null;
      setState({ at: "reading", file });
      await finish(id, file);
    } catch (error) {
      upload.current = null;
      if (isAssayError(error) && error.code === "cancelled") setState({ at: "waiting" });
      else setState({ at: "failed", file, fault: faultOf(isAssayError(error) ? error.toJSON() : error) });
    }
  };
  return { state, start, cancel: () => upload.current?.cancel(), reset: () => setState({ at: "waiting" }) };
}
