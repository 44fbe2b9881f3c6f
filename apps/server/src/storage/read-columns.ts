import { Worker } from "node:worker_threads";
import type { ColumnProfile, OpenOptions } from "@assay/dataset";
import {
  AssayError,
  type ErrorCode,
  type LocalizedText,
  type Problem,
  type ReportColumn,
  reviveError,
} from "@assay/schema";

export interface ColumnsRequest {
  readonly path: string;
  readonly fileName: string;
  readonly source: OpenOptions["source"];
  /** Whether cardinality and top values are wanted too; they cost a second pass. */
  readonly profile: boolean;
}

export interface ColumnsTold {
  readonly rows: number;
  readonly format: string;
  readonly encoding: string;
  readonly columns: readonly Pick<ReportColumn, "name" | "type">[];
  /** Empty where it was not asked for. */
  readonly profile: readonly ColumnProfile[];
  readonly warnings: readonly LocalizedText[];
}

export type ColumnsReply =
  | { readonly told: ColumnsTold }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly problems: readonly Problem[] } };

/** Reads a file's columns on a thread of its own: a large file must not hold up the server. */
export function readColumns(request: ColumnsRequest): Promise<ColumnsTold> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL("./read-columns-thread.js", import.meta.url), { workerData: request });
    thread.once("message", (reply: ColumnsReply) => {
      if ("error" in reply) reject(reviveError(reply.error));
      else resolve(reply.told);
      void thread.terminate();
    });
    thread.once("error", (cause) => {
      reject(new AssayError("internal", `${request.fileName} could not be read: ${String(cause)}`, { cause }));
    });
    thread.once("exit", () => reject(new AssayError("internal", `the reader of ${request.fileName} ended early`)));
  });
}
