// Simulates intervals and tests against known truth and writes docs/methods/coverage.md (about a quarter of an hour).
// `--study outputs` studies predicted numbers, predicted classes and ranked lists, and writes docs/methods/coverage-outputs.md.
// `--study comparison` studies gaps compared on the same rows, and writes docs/methods/coverage-comparison.md.
// `--study mitigation` studies changes of gaps by mitigation, and writes docs/methods/coverage-mitigation.md.
// `--simulations N` makes N of each scenario of the studies of outputs and of comparison, 20,000 where it is not given; `--part numbers|classes|lists` makes that
// part of the study of outputs, and takes the others from tests/simulation/coverage-outputs.json.
// `--quick --out FILE` writes the small study elsewhere.
import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createViteServer } from "vitest/node";
import { root } from "./ready.mjs";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    out: { type: "string" },
    study: { type: "string", default: "decisions" },
    simulations: { type: "string" },
    part: { type: "string", multiple: true },
  },
});
const pages = {
  comparison: "docs/methods/coverage-comparison.md",
  decisions: "docs/methods/coverage.md",
  mitigation: "docs/methods/coverage-mitigation.md",
  outputs: "docs/methods/coverage-outputs.md",
};
const page = pages[values.study];
if (page === undefined) throw new Error(`--study ${values.study}: there are ${Object.keys(pages).join(", ")}`);
const path = values.out ? resolve(values.out) : join(root, page);
mkdirSync(dirname(path), { recursive: true });

// The study is TypeScript over the packages' sources, as the tests read them.
const server = await createViteServer({
  root,
  configFile: false,
  logLevel: "error",
  appType: "custom",
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
});
try {
  const { writePage } = await server.ssrLoadModule("/tests/simulation/write.ts");
  const { writeOutputsPage } = await server.ssrLoadModule("/tests/simulation/outputs.ts");
  const { writeMitigationPage } = await server.ssrLoadModule("/tests/simulation/mitigated-gaps.ts");
  const { writePairedGapsPage } = await server.ssrLoadModule("/tests/simulation/paired-gaps.ts");
  const tell = (text) => console.error(text);
  const simulations = values.simulations ? Number(values.simulations) : undefined;
  if (values.study === "outputs") {
    await writeOutputsPage(path, values.quick, tell, simulations, values.part);
  } else if (values.study === "comparison") {
    await writePairedGapsPage(path, values.quick, tell, simulations);
  } else if (values.study === "mitigation") {
    await writeMitigationPage(path, values.quick, tell);
  } else await writePage(path, values.quick, tell);
  console.error(`wrote ${path}`);
} finally {
  await server.close();
}
