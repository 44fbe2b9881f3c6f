#!/usr/bin/env node
import { existsSync } from "node:fs";

const main = new URL("../dist/cli/main.js", import.meta.url);
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`assay: Node ${process.versions.node} is too old; install Node 20.19 or later`);
  process.exit(2);
}
if (!existsSync(main)) {
  console.error("assay: not built yet; run `npm run build` in the checkout first");
  process.exit(2);
}
// Node ends with 1 where an import fails, and 1 means a failed gate here.
import(main.href).catch((error) => {
  console.error(`assay: cannot start: ${error instanceof Error ? error.message : error}`);
  process.exit(2);
});
