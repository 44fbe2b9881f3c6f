import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./paths.ts";

export const ownerEmail = "owner@example.org";
export const ownerPassword = "correct horse battery";
export const apiKey = "assay_key_for_tests_0123456789";

/** Whether the dashboard is built: `npm run build`. */
export const hasDashboard: boolean = existsSync(join(root, "apps/web/.next/BUILD_ID"));

/** What the REST API answers in tests; each test asserts the parts it reads. */
// biome-ignore lint/suspicious/noExplicitAny: answers of any shape; the tests' assertions are their types.
export type Answer = any;

/** A server of its own, in a process of its own, with its own fresh database, spoken to over HTTP only. */
export class ServerProcess {
  readonly folder: string;
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #output: () => string;

  private constructor(folder: string, url: string, child: ChildProcess, output: () => string) {
    this.folder = folder;
    this.url = url;
    this.#child = child;
    this.#output = output;
  }

  /** Starts on a free port. `folder` continues on the data of an earlier one. */
  static async start(options: { folder?: string; env?: Record<string, string> } = {}): Promise<ServerProcess> {
    const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "assay-test-")));
    const child = launch(folder, {
      ASSAY_INIT_EMAIL: ownerEmail,
      ASSAY_INIT_PASSWORD: ownerPassword,
      ASSAY_INIT_API_KEY: apiKey,
      ...options.env,
    });
    const output = collect(child);
    const url = await new Promise<string>((resolve, reject) => {
      child.once("message", (message: { ready: string }) => resolve(message.ready));
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${output()}`)));
    });
    return new ServerProcess(folder, url, child, output);
  }

  get output(): string {
    return this.#output();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The answer's body where it is a success; throws its error otherwise. */
  async call(method: string, path: string, body?: unknown, key: string | null = apiKey): Promise<Answer> {
    const response = await this.fetch(method, path, body, key);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  }

  fetch(method: string, path: string, body?: unknown, key: string | null = apiKey): Promise<Response> {
    return fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** Uploads bytes in one piece; the upload's id. */
  async upload(name: string, bytes: string | Uint8Array): Promise<string> {
    const data = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    const digest = `sha256:${createHash("sha256").update(data).digest("hex")}`;
    const location = await this.beginUpload(data.byteLength, { filename: name, digest });
    const response = await this.sendPart(location, 0, data);
    if (response.status !== 204) throw new Error(`upload: ${response.status} ${await response.text()}`);
    return location.split("/").at(-1) ?? "";
  }

  async beginUpload(sizeBytes: number, metadata: Record<string, string>): Promise<string> {
    const response = await this.createUpload(sizeBytes, metadata);
    if (response.status !== 201) throw new Error(`upload: ${response.status} ${await response.text()}`);
    return new URL(response.headers.get("location") ?? "", this.url).href;
  }

  createUpload(sizeBytes: number, metadata: Record<string, string>): Promise<Response> {
    return fetch(`${this.url}/api/v1/uploads`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${apiKey}`,
        "tus-resumable": "1.0.0",
        "upload-length": String(sizeBytes),
        "upload-metadata": Object.entries(metadata)
          .map(([key, value]) => `${key} ${Buffer.from(value).toString("base64")}`)
          .join(","),
      },
    });
  }

  sendPart(location: string, offset: number, bytes: Uint8Array): Promise<Response> {
    return fetch(location, {
      method: "PATCH",
      headers: {
        authorization: `Bearer ${apiKey}`,
        "tus-resumable": "1.0.0",
        "upload-offset": String(offset),
        "content-type": "application/offset+octet-stream",
      },
      body: Buffer.from(bytes),
    });
  }

  async offsetOf(location: string): Promise<number> {
    const response = await fetch(location, {
      method: "HEAD",
      headers: { authorization: `Bearer ${apiKey}`, "tus-resumable": "1.0.0" },
    });
    return Number(response.headers.get("upload-offset"));
  }

  /** Uploads a file and makes a dataset of it. */
  async dataset(project: string, name: string, bytes: string | Uint8Array, options = {}): Promise<Answer> {
    const upload = await this.upload(name, bytes);
    return this.call("POST", `/projects/${project}/datasets`, { upload, name, ...options });
  }

  /** Waits until a run is in one of the states. */
  async waitFor(runId: string, states: readonly string[], timeoutMs = 60_000): Promise<Answer> {
    const until = Date.now() + timeoutMs;
    // Asked less and less often: asking takes from what the run itself can use.
    for (let waitMs = 50; ; waitMs = Math.min(500, waitMs * 1.3)) {
      const run = await this.call("GET", `/runs/${runId}`);
      if (states.includes(run.status)) return run;
      if (Date.now() > until) throw new Error(`the run is still ${run.status}: ${JSON.stringify(run.progress)}`);
      await new Promise((wake) => setTimeout(wake, waitMs));
    }
  }

  /** Ends the process at once, as a crash would. */
  async kill(): Promise<void> {
    const ended = exited(this.#child);
    this.#child.kill("SIGKILL");
    await ended;
  }

  /** Asks the server to stop; its exit code. */
  async stop(options: { keep?: boolean } = {}): Promise<number | null> {
    const ended = exited(this.#child);
    this.#child.kill("SIGINT");
    const code = await ended;
    if (options.keep !== true) await rm(this.folder, { recursive: true, force: true });
    return code;
  }
}

/** Starts a server that is expected to end by itself: its exit code and what it said. */
export async function runServer(
  folder: string,
  env: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const child = launch(folder, env);
  const output = collect(child);
  const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
  const code = await exited(child);
  clearTimeout(timer);
  return { code, output: output() };
}

function launch(folder: string, env: Record<string, string>): ChildProcess {
  const { PATH = "", HOME = "" } = process.env;
  return spawn(process.execPath, [join(root, "apps/server/dist/main.js")], {
    cwd: folder,
    env: { PATH, HOME, PORT: "0", ASSAY_DATA_DIR: folder, ASSAY_DEMO: "false", NODE_ENV: "production", ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
}

function collect(child: ChildProcess): () => string {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output += String(chunk);
    });
  }
  return () => output;
}

function exited(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once("exit", (code) => resolve(code)));
}
