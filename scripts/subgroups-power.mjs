// Simulates the power of fairness.subgroups and writes docs/methods/subgroups-power.md (some minutes).
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createViteServer } from "vitest/node";
import { root } from "./ready.mjs";

const { values } = parseArgs({ options: { runs: { type: "string", default: "100" }, out: { type: "string" } } });
const path = values.out ?? join(root, "docs/methods/subgroups-power.md");

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
  const { writePowerPage } = await server.ssrLoadModule("/tests/simulation/subgroups-power.ts");
  await writePowerPage(path, Number(values.runs), (text) => console.error(text));
  console.error(`wrote ${path}`);
} finally {
  await server.close();
}
