// Makes a checkout ready to run: packages installed, everything built. Does nothing where nothing changed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const quiet = { TURBO_TELEMETRY_DISABLED: "1", NEXT_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };

/** Runs a command in the root with its output shown; ends this process with code 2 if it fails. */
export function must(command, args, why) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...quiet },
    shell: process.platform === "win32",
  });
  if (result.status !== 0) {
    console.error(`assay: ${why} failed: ${command} ${args.join(" ")}`);
    process.exit(2);
  }
}

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`assay: Node ${process.versions.node} is too old; install Node 20.19 or later`);
    process.exit(2);
  }
}

/** Whether node_modules holds what package-lock.json names; npm keeps its own account of what it installed. */
function isInstalled() {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  const packagesOf = (path) => JSON.parse(readFileSync(path, "utf8")).packages ?? {};
  const there = packagesOf(installed);
  return Object.entries(packagesOf(join(root, "package-lock.json"))).every(
    ([path, { version, link, optional, devOptional }]) =>
      !path.includes("node_modules/") || link || optional || devOptional || there[path]?.version === version,
  );
}

export function install() {
  if (isInstalled()) return;
  console.error("assay: installing packages");
  must("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], "installing");
}

export function build() {
  must(
    process.execPath,
    [
      join(root, "node_modules", "turbo", "bin", "turbo"),
      "run",
      "build",
      "--output-logs=errors-only",
      "--log-order=grouped",
    ],
    "building",
  );
}
