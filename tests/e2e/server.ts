import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../paths.ts";

const main = join(root, "apps/server/dist/main.js");

/** The dashboard must be built: `npm run build`. */
export const hasDashboard: boolean = existsSync(main) && existsSync(join(root, "apps/web/.next/BUILD_ID"));

export interface RunningServer {
  readonly url: string;
  /** Everything it wrote to its log so far. */
  readonly log: () => string;
  stop(): Promise<void>;
}

/** The real server as people start it, on an ephemeral port of loopback, with a data folder of its own. */
export async function startServer(variables: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), "assay-e2e-"));
  let log = "";
  const child = spawn(process.execPath, [main], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      ASSAY_DATA_DIR: join(folder, "data"),
      PORT: "0",
      ...variables,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      log += text;
    });
  }
  let url: string;
  try {
    url = await ready(child, () => log);
  } catch (error) {
    child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    url,
    log: () => log,
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function ready(child: ChildProcess, log: () => string): Promise<string> {
  const until = Date.now() + 120_000;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${log()}`);
    const url = /is ready on (http:\S+)/.exec(log())?.[1];
    if (url !== undefined) {
      const answer = await fetch(`${url}/readyz`).catch(() => null);
      if (answer?.ok) return url;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the server did not get ready:\n${log()}`);
}
