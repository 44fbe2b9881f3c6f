// Simulates the coverage of the agreement with nearest neighbours and writes docs/methods/neighbours-coverage.md (some minutes).
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createViteServer } from "vitest/node";
import { root } from "./ready.mjs";

const { values } = parseArgs({ options: { runs: { type: "string", default: "2000" }, out: { type: "string" } } });
const path = values.out ?? join(root, "docs/methods/neighbours-coverage.md");

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
  const { writeCoveragePage } = await server.ssrLoadModule("/tests/simulation/neighbours-coverage.ts");
  await writeCoveragePage(path, Number(values.runs), (text) => console.error(text));
  console.error(`wrote ${path}`);
} finally {
  await server.close();
}
