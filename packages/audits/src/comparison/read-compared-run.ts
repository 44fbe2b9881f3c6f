import type { Device } from "@assay/compute";
import type { Dataset } from "@assay/dataset";
import type { Model } from "@assay/models";
import type { Digest, Plan } from "@assay/schema";
import { bindAuditModel } from "../bind-model.ts";
import { checkData } from "../check-data.ts";
import { describeModel } from "../describe-model.ts";
import { preparePlan } from "../prepare.ts";
import { scoreTable } from "../score-table.ts";
import type { ComparedRun } from "./pair-rows.ts";
import { forComparison } from "./requests.ts";

export interface ComparedSource {
  /** In messages. */
  readonly name: string;
  readonly plan: Plan;
  /** The plan's data, opened as it reads them. */
  readonly data: Pick<Dataset, "columns" | "load">;
  /** The plan's model, opened; null where it has none. It stays open. */
  readonly model: Model | null;
}

/**
 * Reads what a comparison asks of one side's data, and asks its model about every row.
 * @throws AssayError plan-invalid, data-invalid, cancelled, and what asking the model throws
 */
export async function readComparedRun(
  { name, plan, data, model }: ComparedSource,
  options: {
    readonly device: Device;
    readonly signal: AbortSignal;
    /** The share of the rows that the model was asked about. */
    readonly onProgress?: (fraction: number) => void;
  },
): Promise<{ readonly run: ComparedRun; readonly model: Digest | null }> {
  const { device, signal, onProgress } = options;
  const about = model === null ? null : describeModel(model);
  const prepared = forComparison(preparePlan(plan, data.columns, { name, model: about }));
  const loaded = await data.load(prepared.requests);
  const { digest } = checkData(prepared, loaded, name);
  const role = prepared.roles.model;
  if (model === null || role === null) {
    return { run: { name, prepared, table: loaded.table, data: digest }, model: about?.digest ?? null };
  }
  const bound = bindAuditModel({ model, role, device, signal });
  try {
    const table = await scoreTable({
      prepared,
      table: loaded.table,
      model: bound,
      signal,
      onProgress: (fraction) => onProgress?.(fraction),
    });
    return { run: { name, prepared, table, data: digest }, model: about?.digest ?? null };
  } finally {
    bound.dispose();
  }
}
