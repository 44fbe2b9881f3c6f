const partNames = ["", "train", "test"] as const;

/**
 * `row,split,decision,probability`: the decision after the draw, and the probability of a positive one before it. Rows are counted
 * from 0 in the order of the data that the plan keeps; those left out are not written.
 */
export function decisionsCsv(part: Uint8Array, after: Uint8Array, chance: Float64Array): string {
  const lines = ["row,split,decision,probability"];
  for (const [row, place] of part.entries()) {
    if (place > 0) lines.push(`${row},${partNames[place] ?? ""},${after[row] ?? 0},${chance[row] ?? 0}`);
  }
  return `${lines.join("\n")}\n`;
}
