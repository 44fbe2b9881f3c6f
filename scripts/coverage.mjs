// Simulates intervals and tests against known truth and writes docs/methods/coverage.md (about a quarter of an hour).
// `--quick --out FILE` writes the small study elsewhere.
import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createViteServer } from "vitest/node";
import { root } from "./ready.mjs";

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false }, out: { type: "string" } } });
const path = values.out ? resolve(values.out) : join(root, "docs/methods/coverage.md");
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
  await writePage(path, values.quick, (text) => console.error(text));
  console.error(`wrote ${path}`);
} finally {
  await server.close();
}
