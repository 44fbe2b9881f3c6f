const partNames = ["", "train", "test"] as const;

/** `row,split,decision`: rows are counted from 0 in the order of the data that the plan keeps; those left out are not written. */
export function decisionsCsv(part: Uint8Array, after: Uint8Array): string {
  const lines = ["row,split,decision"];
  for (const [row, place] of part.entries()) {
    if (place > 0) lines.push(`${row},${partNames[place] ?? ""},${after[row] ?? 0}`);
  }
  return `${lines.join("\n")}\n`;
}
