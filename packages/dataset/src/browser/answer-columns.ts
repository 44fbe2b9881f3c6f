import { AssayError, isAssayError } from "@assay/schema";
import { type BlobParquet, openFooter } from "../readers/parquet/blob-parquet.ts";
import type { HeldColumn } from "../readers/parquet/held-column.ts";
import { BlobFile } from "./blob-file.ts";

/** The file that a helper is started with. */
export interface HelperStart {
  readonly blob: Blob;
  readonly name: string;
  readonly missing: readonly string[];
  readonly memoryBytes: number;
}

export type HelperQuestion =
  | { readonly start: HelperStart | null }
  | { readonly index: number; readonly rows: "all" | "some" };

export type HelperAnswer =
  | { readonly told: "ready" }
  | { readonly told: "column"; readonly index: number; readonly held: HeldColumn }
  | { readonly told: "failed"; readonly index: number; readonly error: ReturnType<AssayError["toJSON"]> };

/** What a helper does in its thread: opens the file once, then decodes the columns that it is asked for. */
export function answerColumns(): void {
  let source: Promise<BlobParquet> | null = null;
  addEventListener("message", ({ data }: MessageEvent<HelperQuestion>) => {
    if (!("index" in data)) {
      if (data.start !== null) source = open(data.start);
      // What is wrong with the file is told with the column that is asked for.
      source?.catch(() => undefined);
      postMessage({ told: "ready" } satisfies HelperAnswer);
      return;
    }
    const { index, rows } = data;
    (source ?? Promise.reject(new Error("helper: it has no file")))
      .then((file) => file.values(index, rows, undefined))
      .then(
        (held) => {
          const { buffer } = held.form === "double" ? held.values : held.coded.codes;
          const transfer = buffer instanceof ArrayBuffer ? [buffer] : [];
          postMessage({ told: "column", index, held } satisfies HelperAnswer, { transfer });
        },
        (cause: unknown) => {
          const error = isAssayError(cause) ? cause : new AssayError("internal", String(cause), { cause });
          postMessage({ told: "failed", index, error: error.toJSON() } satisfies HelperAnswer);
        },
      );
  });
}

async function open({ blob, name, missing, memoryBytes }: HelperStart): Promise<BlobParquet> {
  const options = {
    source: { missing: [...missing] },
    memoryBytes,
    openParquet: () => Promise.reject(new Error("helper: it opens no other file")),
  };
  return openFooter(await BlobFile.open(blob, name), `sha256:${"0".repeat(64)}`, options, () => null);
}
