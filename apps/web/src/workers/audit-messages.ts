import type { WithheldCounts } from "@assay/audits";
import type { ColumnProfile } from "@assay/dataset";
import type { AuditResult, DeviceName, LocalizedText, Plan, Problem, Report, ReportModel } from "@assay/schema";
import type { Fault } from "../trpc/fault.ts";

/** A data file that was chosen; the same `key` means the same file, read in the same way. */
export interface DataFile {
  readonly key: number;
  readonly file: File;
  /** One line per cell, with a column `count`. */
  readonly counts: boolean;
}

/** A model's files, its own first, with their paths from it. */
export interface ModelFiles {
  readonly key: number;
  readonly files: readonly { readonly name: string; readonly file: File }[];
}

/** What an audit is made of. It goes with every question, so that a worker started anew needs no other word. */
export interface Material {
  readonly data: DataFile;
  readonly model: ModelFiles | null;
}

export const browserDevices = ["auto", "cpu", "webgpu"] as const satisfies readonly ("auto" | DeviceName)[];
export type BrowserDevice = (typeof browserDevices)[number];

export type AuditQuestion =
  /** Loads all that may be needed later, so that the network may go. */
  | { readonly ask: "warm-up" }
  | { readonly ask: "open"; readonly material: Material }
  | { readonly ask: "check"; readonly material: Material; readonly plan: string }
  | {
      readonly ask: "run";
      readonly material: Material;
      readonly plan: string;
      readonly device: BrowserDevice;
      /** Of Assay, for the report. */
      readonly version: string;
    }
  | { readonly ask: "suppress"; readonly report: Report; readonly below: number };
export type Ask = AuditQuestion["ask"];

export interface Answers {
  readonly "warm-up": Readiness;
  readonly open: OpenedMaterial;
  readonly check: CheckedPlan;
  readonly run: FinishedAudit;
  readonly suppress: SuppressedReport;
}

/** What this tab computes on. */
export interface Readiness {
  readonly threads: number;
  /** False: the page is not isolated from other origins, and threads cannot share memory. */
  readonly isolated: boolean;
  /** Null: there is a WebGPU device. */
  readonly noWebgpu: string | null;
}

export interface OpenedMaterial {
  readonly rows: number;
  /** Rows that `columns` are of: all, or some from all over a large file. */
  readonly shownRows: number;
  readonly columns: readonly ColumnProfile[];
  /** About what all columns together take of the tab's memory once an audit reads them. */
  readonly memoryBytes: number;
  readonly warnings: readonly LocalizedText[];
  readonly model: { readonly fileName: string; readonly about: ReportModel } | null;
  /** A first plan, guessed from the columns. */
  readonly yaml: string;
}

/** The same as the server's check of a plan answers. */
export interface CheckedPlan {
  readonly ok: boolean;
  readonly problems: Problem[];
  readonly plan: Plan | null;
  readonly audits: { id: string; runs: boolean; reason: LocalizedText | null }[];
}

export interface FinishedAudit {
  readonly report: Report;
  readonly artifacts: ReadonlyMap<string, Uint8Array | string>;
  /** Why a GPU that was chosen was left for the processor; null where none was. */
  readonly restarted: { readonly device: DeviceName; readonly reason: string } | null;
}

/** A report as it may be shown to others. */
export interface SuppressedReport {
  readonly report: Report;
  /** How much was withheld; null where nothing had to be, and the report is the one that was given. */
  readonly withheld: WithheldCounts | null;
  /** Groups of which a number was withheld, as the report prints them. */
  readonly groups: readonly LocalizedText[];
}

export type AuditStage = "reading" | "predicting" | "auditing";

export interface AuditProgress {
  readonly stage: AuditStage;
  /** Of the whole, 0 to 1. */
  readonly fraction: number;
  /** While auditing: which. */
  readonly audit: string | null;
}

export type AskedQuestion = AuditQuestion & { readonly id: number };

export type AuditAnswer =
  | { readonly id: number; readonly told: "progress"; readonly progress: AuditProgress }
  /** What an audit found, while others are still under way; `fresh`: on a device on which all is run anew. */
  | { readonly id: number; readonly told: "found"; readonly result: AuditResult; readonly fresh: boolean }
  | { readonly id: number; readonly told: "done"; readonly value: Answers[Ask] }
  | { readonly id: number; readonly told: "failed"; readonly fault: Fault };
