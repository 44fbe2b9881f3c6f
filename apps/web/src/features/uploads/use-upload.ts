"use client";

import { AssayError, isAssayError } from "@assay/schema";
import { useEffect, useRef, useState } from "react";
import { sizeText } from "../../components/quantities.ts";
import { useTRPCClient } from "../../trpc/client.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import type { ChosenFile } from "./chosen-files.ts";
import { type FileUpload, uploadFile } from "./upload-file.ts";

/** `files`: all that go together, the one that they are named by first. */
export type UploadState =
  | { readonly at: "waiting" }
  | { readonly at: "sending"; readonly files: readonly ChosenFile[]; readonly sent: number }
  | { readonly at: "reading"; readonly files: readonly ChosenFile[] }
  | { readonly at: "failed"; readonly files: readonly ChosenFile[]; readonly fault: Fault };

/** A file on the server. */
export interface SentFile extends ChosenFile {
  readonly upload: string;
}

export interface Uploading {
  readonly state: UploadState;
  start(files: readonly ChosenFile[]): Promise<void>;
  cancel(): void;
  /** Back to no file. */
  reset(): void;
}

/** Sends files, one after another, then has the server read them by `finish`; a failure is a state, told in its place. */
export function useUpload({
  project,
  limitBytes,
  tooLarge,
  finish,
}: {
  project: string;
  /** Of each file. */
  limitBytes: number;
  /** What is told of a larger file. */
  tooLarge: (told: { readonly name: string; readonly size: string; readonly limit: string }) => string;
  finish: (sent: readonly [SentFile, ...SentFile[]]) => Promise<void>;
}): Uploading {
  const client = useTRPCClient();
  const [state, setState] = useState<UploadState>({ at: "waiting" });
  const upload = useRef<FileUpload | null>(null);
  useEffect(() => () => upload.current?.cancel(), []);

  const start = async (files: readonly ChosenFile[]) => {
    const large = files.find(({ file }) => file.size > limitBytes);
    if (large !== undefined) {
      const message = tooLarge({ name: large.name, size: sizeText(large.file.size), limit: sizeText(limitBytes) });
      setState({ at: "failed", files, fault: faultOf(new AssayError("data-too-large", message).toJSON()) });
      return;
    }
    setState({ at: "sending", files, sent: 0 });
    try {
      const sent: SentFile[] = [];
      let before = 0;
      for (const one of files) {
        const start = before;
        before += one.file.size;
        const sending = uploadFile(one.file, {
          project,
          reuse: (told) => client.uploads.reuse.mutate({ project, ...told }),
          onProgress: (bytes) =>
            setState((now) => (now.at === "sending" ? { ...now, sent: Math.max(now.sent, start + bytes) } : now)),
        });
        upload.current = sending;
        sent.push({ ...one, upload: await sending.finished });
      }
      upload.current = null;
      setState({ at: "reading", files });
      const [first, ...rest] = sent;
      if (first !== undefined) await finish([first, ...rest]);
    } catch (error) {
      upload.current = null;
      if (isAssayError(error) && error.code === "cancelled") setState({ at: "waiting" });
      else setState({ at: "failed", files, fault: faultOf(isAssayError(error) ? error.toJSON() : error) });
    }
  };
  return { state, start, cancel: () => upload.current?.cancel(), reset: () => setState({ at: "waiting" }) };
}

/** Bytes of all files together. */
export function bytesOf(files: readonly ChosenFile[]): number {
  return files.reduce((sum, { file }) => sum + file.size, 0);
}
