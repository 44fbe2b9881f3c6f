// `npm run bench [-- part of a name]`: builds what is measured, times every row beside its peer in this one process,
// prints one table and writes bench/results.json; with a part of a name, those rows alone are written anew. Rows come from
// packages' `*.bench.ts` and from bench/*.bench.mjs; what is no race against a peer from bench/*.check.mjs.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { measure } from "../bench/measure.mjs";
import { machineText, table } from "../bench/table.mjs";
import { checkNode, install, must, root } from "./ready.mjs";

checkNode();
install();
must(
  process.execPath,
  [join(root, "node_modules/turbo/bin/turbo"), "run", "build", "--filter=@assay/audits", "--output-logs=errors-only"],
  "building",
);

const wanted = process.argv[2] ?? "";
const machine = {
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  cores: cpus().length,
  memoryBytes: totalmem(),
  platform: `${process.platform} ${process.arch}`,
  node: process.versions.node,
};
const rows = [];
const skipped = [];
for (const file of benchFiles()) {
  const { benches } = await import(pathToFileURL(file).href);
  for (const bench of benches) {
    if (!bench.name.includes(wanted)) continue;
    if (bench.skip !== undefined) {
      console.error(`bench: skipped ${bench.name}: ${bench.skip}`);
      skipped.push({ name: bench.name, reason: bench.skip });
      continue;
    }
    console.error(`bench: ${bench.name} (${relative(root, file)})`);
    rows.push({ ...(await measure(bench)), ...toldOf() });
  }
}
const checked = [];
for (const file of ownFiles(".check.mjs")) {
  const { checks } = await import(pathToFileURL(file).href);
  for (const check of checks) {
    if (!check.name.includes(wanted)) continue;
    if (check.skip !== undefined) {
      console.error(`bench: skipped ${check.name}: ${check.skip}`);
      skipped.push({ name: check.name, reason: check.skip });
      continue;
    }
    console.error(`bench: ${check.name} (${relative(root, file)})`);
    const result = await check.run();
    checked.push({ name: check.name, lines: check.text(result), ...toldOf() });
  }
}
if (rows.length + skipped.length + checked.length === 0) {
  console.error(`bench: no row's name holds "${wanted}"`);
  process.exit(2);
}

console.log(`\n${machineText(machine)}\n\n${table(rows, skipped, checked)}`);
const results = join(root, "bench/results.json");
const before = wanted !== "" && existsSync(results) ? JSON.parse(readFileSync(results, "utf8")) : { rows: [] };
const joined = {
  measuredAt: before.measuredAt ?? new Date().toISOString(),
  machine: before.machine ?? machine,
  rows: joinNamed(before.rows, rows),
  skipped: joinNamed(before.skipped ?? [], skipped).filter(({ name }) => !rows.some((row) => row.name === name)),
  checks: joinNamed(before.checks ?? [], checked),
};
writeFileSync(results, `${JSON.stringify(joined, null, 2)}\n`);
console.log(`\nwritten to ${relative(root, results)}`);
process.exit(0);

/** When, and where it is one part of the rows on which machine, as others may be from another. */
function toldOf() {
  return { measuredAt: new Date().toISOString(), ...(wanted === "" ? {} : { machine }) };
}

/** What was found before, each of it as it is found now where it was looked for again. */
function joinNamed(before, now) {
  const fresh = new Map(now.map((one) => [one.name, one]));
  const kept = before.map((one) => fresh.get(one.name) ?? one);
  return [...kept, ...now.filter(({ name }) => !before.some((one) => one.name === name))];
}

function ownFiles(end) {
  return readdirSync(join(root, "bench"))
    .filter((name) => name.endsWith(end))
    .sort()
    .map((name) => join(root, "bench", name));
}

function benchFiles() {
  const packages = readdirSync(join(root, "packages")).flatMap((name) => {
    const dist = join(root, "packages", name, "dist");
    try {
      return readdirSync(dist, { recursive: true })
        .filter((path) => path.endsWith(".bench.js"))
        .map((path) => join(dist, path));
    } catch {
      return [];
    }
  });
  return [...packages.sort(), ...ownFiles(".bench.mjs")];
}
