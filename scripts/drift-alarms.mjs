// Simulates how often fairness.drift alarms where nothing changed, and how late where something did: docs/methods/drift-alarms.md (minutes).
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createViteServer } from "vitest/node";
import { root } from "./ready.mjs";

const { values } = parseArgs({ options: { runs: { type: "string", default: "1000" }, out: { type: "string" } } });
const path = values.out ?? join(root, "docs/methods/drift-alarms.md");

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
  const { writeDriftPage } = await server.ssrLoadModule("/tests/simulation/drift-alarms.ts");
  await writeDriftPage(path, Number(values.runs), (text) => console.error(text));
  console.error(`wrote ${path}`);
} finally {
  await server.close();
}
