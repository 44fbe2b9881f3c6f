// Simulates how often fairness.drift alarms where nothing changed, and how late where something did, into
// tests/simulation/drift-alarms.json and docs/methods/drift-alarms.md (half an hour).
// In pieces: `--kind rates|scores|indices`, and `--only TEXT` for scenarios whose name has that text in it.
import { parseArgs } from "node:util";
import { createViteServer } from "vitest/node";
import { root } from "./ready.mjs";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000" },
    kind: { type: "string", multiple: true, default: ["rates", "scores", "indices"] },
    only: { type: "string", default: "" },
  },
});

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
  const { simulate } = await server.ssrLoadModule("/tests/simulation/drift-alarms.ts");
  simulate(values.kind, values.only, Number(values.runs), (text) => console.error(text));
} finally {
  await server.close();
}
