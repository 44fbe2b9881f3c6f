// Simulates how often fairness.drift alarms at any of many runs on data that grow, where nothing changed: the figures in docs/schedules.md (minutes).
import { parseArgs } from "node:util";
import { createViteServer } from "vitest/node";
import { root } from "./ready.mjs";

const { values } = parseArgs({ options: { runs: { type: "string", default: "1000" } } });

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
  const { studyGrowing } = await server.ssrLoadModule("/tests/simulation/drift-growing.ts");
  studyGrowing(Number(values.runs), (line) => console.log(line));
} finally {
  await server.close();
}
