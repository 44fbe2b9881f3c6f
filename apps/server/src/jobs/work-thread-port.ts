import type { ComparisonWork, Work } from "@assay/db";
import type { DeviceName, ErrorCode, Problem } from "@assay/schema";
import type { EndpointRules } from "../endpoints.ts";

export interface WorkThreadStart {
  readonly databaseUrl: string;
  readonly blobFolder: string;
  readonly worker: string;
  readonly device: "auto" | DeviceName;
  readonly endpoints: EndpointRules;
  readonly threads: number;
}

export type WorkRequest =
  | { readonly kind: "run"; readonly work: Work }
  | { readonly kind: "comparison"; readonly work: ComparisonWork };

export type WorkReply =
  | { readonly kind: "completed" }
  /** Cancelled, removed or taken over. */
  | { readonly kind: "lost" }
  /** The work's own fault: it is told. */
  | {
      readonly kind: "failed";
      readonly error: { readonly code: ErrorCode; readonly message: string; readonly problems: readonly Problem[] };
    }
  /** Ours, or the database's: told in the log. */
  | { readonly kind: "broke"; readonly message: string };
