// `npm start`: installs and builds what is missing or stale, then starts the server in this process.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, checkNode, install, root } from "./ready.mjs";

checkNode();
const settings = join(root, ".env");
if (existsSync(settings)) process.loadEnvFile(settings);
install();
build();
await import(pathToFileURL(join(root, "apps", "server", "dist", "main.js")).href);
