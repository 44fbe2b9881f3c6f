import { reviveError } from "@assay/schema";
import type { ColumnHelper } from "../readers/parquet/blob-parquet.ts";
import type { HeldColumn } from "../readers/parquet/held-column.ts";
import type { ReaderOptions } from "../readers/reader.ts";
import type { HelperAnswer, HelperQuestion } from "./answer-columns.ts";
import type { BlobFile } from "./blob-file.ts";

interface Asked {
  readonly resolve: (held: HeldColumn | null) => void;
  readonly reject: (error: unknown) => void;
}

/** Whether pages here may use more than one thread: the same rule as for what computes. */
function mayHelp(): boolean {
  return typeof Worker === "function" && globalThis.crossOriginIsolated === true && navigator.hardwareConcurrency > 1;
}

function started(): Worker {
  // In this form, the address within the call, bundlers see that the file is a worker.
  return new Worker(new URL("./column-helper.js", import.meta.url), { type: "module" });
}

/** Starts a thread that decodes columns of the file; null where there can be none. */
export function startHelper(file: BlobFile, { source, memoryBytes }: ReaderOptions): ColumnHelper | null {
  if (!mayHelp()) return null;
  const asked = new Map<number, Asked>();
  let worker: Worker | null = started();
  const end = (): void => {
    worker?.terminate();
    worker = null;
    // Its columns are decoded by who asked.
    for (const { resolve } of asked.values()) resolve(null);
    asked.clear();
  };
  worker.onmessage = ({ data }: MessageEvent<HelperAnswer>) => {
    if (data.told === "ready") return;
    const one = asked.get(data.index);
    asked.delete(data.index);
    if (data.told === "column") one?.resolve(data.held);
    else one?.reject(reviveError({ ...data.error, problems: [...data.error.problems] }));
  };
  worker.onerror = (event) => {
    event.preventDefault();
    end();
  };
  const tell = (question: HelperQuestion): void => worker?.postMessage(question);
  tell({ start: { blob: file.blob, name: file.file, missing: source.missing, memoryBytes } });
  return {
    decode: (index, rows) =>
      new Promise((resolve, reject) => {
        if (worker === null) return resolve(null);
        asked.set(index, { resolve, reject });
        return tell({ index, rows });
      }),
    end,
  };
}

/** Has the helper's script loaded, so that one can be started where the network is gone later. */
export async function loadHelper(): Promise<void> {
  if (!mayHelp()) return;
  const worker = started();
  await new Promise<void>((resolve) => {
    worker.onmessage = () => resolve();
    // Without a helper everything is decoded by one thread.
    worker.onerror = (event) => {
      event.preventDefault();
      resolve();
    };
    worker.postMessage({ start: null } satisfies HelperQuestion);
  });
  worker.terminate();
}
