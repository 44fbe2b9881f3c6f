import type { Work } from "@assay/db";
import type { DeviceName, ErrorCode, Problem } from "@assay/schema";
import type { EndpointRules } from "../endpoints.ts";

export interface RunThreadStart {
  readonly databaseUrl: string;
  readonly blobFolder: string;
  readonly worker: string;
  readonly device: "auto" | DeviceName;
  readonly endpoints: EndpointRules;
  readonly threads: number;
}

export interface RunRequest {
  readonly work: Work;
}

export type RunReply =
  | { readonly kind: "completed" }
  /** Cancelled, removed or taken over. */
  | { readonly kind: "lost" }
  /** The run's own fault: it is told. */
  | {
      readonly kind: "failed";
      readonly error: { readonly code: ErrorCode; readonly message: string; readonly problems: readonly Problem[] };
    }
  /** Ours, or the database's: told in the log. */
  | { readonly kind: "broke"; readonly message: string };
