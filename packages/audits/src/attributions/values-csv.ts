import { csvText } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import type { ShapleyInput } from "./settings.ts";
import type { ShapleyBlock, ShapleySummary } from "./summary.ts";

/** `row,base,<feature>,…` at full precision; rows are counted from 0 in the order of the data that the plan keeps. */
export function valuesCsv(
  summary: ShapleySummary,
  blocks: readonly ShapleyBlock[],
  { input, roles }: AuditContext<ShapleyInput>,
): string {
  const features = roles.model?.features ?? [];
  const lines = [["row", "base", ...features.map(csvText)].join(",")];
  let row = 0;
  for (const block of blocks) {
    const written = Math.min(block.values.length / Math.max(1, features.length), input.rows - row);
    for (let place = 0; place < written; place++) {
      const values = block.values.subarray(place * features.length, (place + 1) * features.length);
      lines.push(`${row},${summary.base},${values.join(",")}`);
      row++;
    }
  }
  return `${lines.join("\n")}\n`;
}
