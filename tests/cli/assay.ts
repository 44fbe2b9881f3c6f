import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../paths.ts";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the built `assay` program as a user would. Ctrl-C is sent `interruptAfterMs` after the start, or as soon as stderr
 * says what `interruptWhen` waits for.
 */
export function assay(
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string>; interruptAfterMs?: number; interruptWhen?: RegExp },
): Promise<Ran> {
  const { ASSAY_URL: _url, ASSAY_API_KEY: _key, ...env } = process.env;
  const child = spawn(process.execPath, [join(root, "packages/sdk/bin/assay.js"), ...args], {
    cwd: options.cwd,
    env: { ...env, LANG: "C", LC_ALL: "C", XDG_CONFIG_HOME: join(options.cwd, ".config"), ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  let interrupted = false;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (options.interruptWhen?.test(stderr) && !interrupted) {
      interrupted = true;
      child.kill("SIGINT");
    }
  });
  if (options.interruptAfterMs !== undefined) setTimeout(() => child.kill("SIGINT"), options.interruptAfterMs);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
