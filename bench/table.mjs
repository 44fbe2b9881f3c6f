const published = [
  "Published elsewhere, on other machines, and not measured here: Fairlearn's MetricFrame took 97 s for 1,000 bootstrap",
  "replicates of 6,172 rows, and 12.6 s for 1,000,000 rows without any.",
];

export function machineText({ cpu, cores, memoryBytes, platform, node }) {
  return `${cpu}, ${cores} cores, ${(memoryBytes / 2 ** 30).toFixed(0)} GiB, ${platform}, Node ${node}`;
}

/** The rows as a plain-text table, with each row's peer and notes below it; then what was skipped, and why. */
export function table(rows, skipped = [], checked = []) {
  const width = Math.max(0, ...rows.map((row) => row.name.length));
  const lines = [`${"".padEnd(width)}  ${"ours".padStart(10)}  ${"peer".padStart(10)}  ${"ratio".padStart(8)}`];
  for (const row of rows) {
    const cells = [duration(row.oursSeconds), duration(row.peerSeconds)].map((text) => text.padStart(10));
    lines.push(`${row.name.padEnd(width)}  ${cells.join("  ")}  ${times(row.ratio).padStart(8)}`);
    lines.push(`  peer: ${row.peer}; ${row.notes}`);
    if (row.limit) {
      lines.push(
        `  limit: ${row.limit.name} takes ${duration(row.limit.seconds)}, ours ${times(row.oursSeconds / row.limit.seconds)} that`,
      );
    }
  }
  for (const { name, reason } of skipped) lines.push(`skipped: ${name} (${reason})`);
  for (const { name, lines: told } of checked) lines.push("", name, ...told.map((line) => `  ${line}`));
  return [...lines, "", ...published].join("\n");
}

function duration(seconds) {
  if (seconds < 1) return `${(seconds * 1000).toPrecision(3)} ms`;
  if (seconds < 120) return `${seconds.toPrecision(3)} s`;
  return `${(seconds / 60).toPrecision(3)} min`;
}

function times(ratio) {
  return `${ratio >= 100 ? Math.round(ratio).toLocaleString("en") : ratio.toPrecision(2)}×`;
}
