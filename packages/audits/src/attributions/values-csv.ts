import { csvText } from "@assay/schema";
import { type Attributions, blocksOf } from "./attribution.ts";

/** `row,base,<feature>,…` at full precision; rows are counted from 0 in the order of the data that the plan keeps. */
export function valuesCsv(summary: Attributions, features: readonly string[], most: number): string {
  const lines = [["row", "base", ...features.map(csvText)].join(",")];
  let row = 0;
  for (const block of blocksOf(summary.blocks)) {
    const written = Math.min(block.values.length / Math.max(1, features.length), most - row);
    for (let place = 0; place < written; place++) {
      const values = block.values.subarray(place * features.length, (place + 1) * features.length);
      const texts = Array.from(values, (value) => (Number.isNaN(value) ? "" : String(value)));
      lines.push(`${row},${summary.base},${texts.join(",")}`);
      row++;
    }
  }
  return `${lines.join("\n")}\n`;
}
