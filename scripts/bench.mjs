// `npm run bench [-- part of a name]`: builds what is measured, times every row beside its peer in this one process,
// prints one table and writes bench/results.json. Rows come from packages' `*.bench.ts` and from bench/*.bench.mjs.
import { readdirSync, writeFileSync } from "node:fs";
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
const rows = [];
for (const file of benchFiles()) {
  const { benches } = await import(pathToFileURL(file).href);
  for (const bench of benches) {
    if (!bench.name.includes(wanted)) continue;
    console.error(`bench: ${bench.name} (${relative(root, file)})`);
    rows.push(await measure(bench));
  }
}
if (rows.length === 0) {
  console.error(`bench: no row's name holds "${wanted}"`);
  process.exit(2);
}

const machine = {
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  cores: cpus().length,
  memoryBytes: totalmem(),
  platform: `${process.platform} ${process.arch}`,
  node: process.versions.node,
};
console.log(`\n${machineText(machine)}\n\n${table(rows)}`);
const results = join(root, "bench/results.json");
writeFileSync(results, `${JSON.stringify({ measuredAt: new Date().toISOString(), machine, rows }, null, 2)}\n`);
console.log(`\nwritten to ${relative(root, results)}`);
process.exit(0);

function benchFiles() {
  const own = readdirSync(join(root, "bench"))
    .filter((name) => name.endsWith(".bench.mjs"))
    .map((name) => join(root, "bench", name));
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
  return [...packages.sort(), ...own.sort()];
}
