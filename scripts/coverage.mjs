// Simulates intervals and tests against known truth and writes docs/methods/coverage.md (about a quarter of an hour).
// `--study outputs` studies predicted numbers, predicted classes and ranked lists, and writes docs/methods/coverage-outputs.md.
// `--simulations N` makes N of each scenario of that study, 20,000 where it is not given; `--part numbers|classes|lists` makes that
// part of it, and takes the others from tests/simulation/coverage-outputs.json.
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
const pages = { decisions: "docs/methods/coverage.md", outputs: "docs/methods/coverage-outputs.md" };
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
  const tell = (text) => console.error(text);
  if (values.study === "outputs") {
    const simulations = values.simulations ? Number(values.simulations) : undefined;
    await writeOutputsPage(path, values.quick, tell, simulations, values.part);
  } else await writePage(path, values.quick, tell);
  console.error(`wrote ${path}`);
} finally {
  await server.close();
}
