import type { Device } from "@assay/compute";
import type { CodedTable } from "@assay/dataset";
import type { AuditModel } from "../audit-model.ts";
import type { Machine } from "../define.ts";
import type { Prepared } from "../prepare.ts";
import { type Executor, measureStep } from "../run.ts";

/** Measures steps one after another on this thread; yields to the event loop between them. */
export function inProcess(options: {
  prepared: Prepared;
  table: CodedTable;
  device: Device;
  model?: AuditModel | null;
  /** Rows of the background file that an audit's settings name. */
  background?: CodedTable | null;
  machine?: Machine | null;
}): Executor {
  return {
    async *run(steps, signal) {
      for (const step of steps) {
        const summary = await measureStep(step, options.table, { ...options, signal });
        yield { step, summary };
        await new Promise<void>((resolve) => setTimeout(resolve, 0));
      }
    },
  };
}
