import { type ChildProcess, fork } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AssayError, type Digest, type ErrorCode, type Problem, type ReportModel, reviveError } from "@assay/schema";
import type { Blobs } from "./blobs.ts";

/** A model's stored files. */
export interface StoredModel {
  readonly fileName: string;
  readonly digest: Digest;
  /** Those beside it, by their paths from it. */
  readonly files: readonly { readonly name: string; readonly digest: Digest }[];
}

/** What the process that opens a model is told. */
export interface ModelRequest {
  readonly path: string;
  readonly fileName: string;
  readonly columns: Columns;
}

/** Columns of an input whose width the file leaves open; null: as the file says; open: without inputs, where it leaves it. */
export type Columns = number | "open" | null;

export type ModelReply =
  /** `again`: the process may open another model. */
  | { readonly about: ReportModel; readonly again: boolean }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly problems: readonly Problem[] } };

export interface ModelReader {
  /**
   * Opens a model and tells what it is; waits where as many are being opened as may be.
   * @throws AssayError model-invalid, not-supported, data-too-large, not-found for a file that is not among the model's
   */
  read(model: StoredModel, columns: Columns): Promise<ReportModel>;
  close(): void;
}

export interface ModelReaderLimits {
  /** Models opened side by side; the next ones wait. */
  readonly atOnce: number;
  /** Memory that opening one may take; looked after on Linux. */
  readonly memoryBytes: number;
}

/** Opening takes seconds at most; what takes this long would never end. */
const timeoutMs = 120_000;
const lookEveryMs = 100;
/** How long a process that is started ahead waits for its model. */
const spareMs = 60_000;
/** Bytes of a page of memory, as Linux tells them in `statm`. */
const pageBytes = 4096;

/** A process that opens models; it can read what lies in its room, the program's own files, and nothing else. */
interface Opener {
  readonly child: ChildProcess;
  readonly room: string;
}

/**
 * Opens models in processes of their own: models come from anywhere, a runtime of native code reads some of them, and one that
 * ends, grows or never returns must take nothing else with it. A process in which only our own code has read opens the next
 * model, and one that is ended is replaced ahead of the next: starting is most of the work.
 */
export function openModelReader(blobs: Blobs, limits: ModelReaderLimits): ModelReader {
  const waiting: (() => void)[] = [];
  const all = new Set<ChildProcess>();
  let free = limits.atOnce;
  let spare: Opener | null = null;
  let spareTimer: NodeJS.Timeout | null = null;
  let closed = false;
  let models = 0;

  const start = (): Opener => {
    const room = blobs.newRoom();
    const child = fork(fileURLToPath(new URL("./read-model-process.js", import.meta.url)), {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      execArgv: permissions(room),
      env: environment(),
    });
    all.add(child);
    child.once("exit", () => {
      all.delete(child);
      if (spare?.child === child) spare = null;
      void rm(room, { recursive: true, force: true }).catch(() => {});
    });
    // Told where the process is used; one that fails before is replaced.
    child.on("error", () => {});
    return { child, room };
  };
  const dropSpare = (): void => {
    spare?.child.kill("SIGKILL");
    spare = null;
  };
  const keep = (opener: Opener): void => {
    if (closed || spare !== null) {
      opener.child.kill("SIGKILL");
      return;
    }
    spare = opener;
    // Nobody waits for it: it does not keep the server alive.
    opener.child.unref();
    opener.child.channel?.unref();
    spareTimer = setTimeout(dropSpare, spareMs);
    spareTimer.unref();
  };
  const take = (): Opener => {
    const taken = spare;
    spare = null;
    if (spareTimer !== null) clearTimeout(spareTimer);
    if (taken === null || !taken.child.connected) return start();
    taken.child.ref();
    taken.child.channel?.ref();
    return taken;
  };
  const enter = async (): Promise<void> => {
    if (free > 0) free--;
    else await new Promise<void>((wake) => waiting.push(wake));
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  };

  return {
    async read(model, columns) {
      await enter();
      const opener = take();
      const folder = join(opener.room, String(models++));
      let again = false;
      try {
        // A name that cannot stand in a folder is told to the process alone.
        const own = model.files.length === 0 ? "model" : model.fileName;
        await blobs.layOut(folder, [{ name: own, digest: model.digest }, ...model.files]);
        const request = { path: join(folder, own), fileName: model.fileName, columns };
        const reply = await ask(opener.child, request, limits.memoryBytes);
        if ("error" in reply) throw reviveError(reply.error);
        again = reply.again;
        return reply.about;
      } finally {
        if (!again) opener.child.kill("SIGKILL");
        await rm(folder, { recursive: true, force: true });
        if (!closed) keep(again ? opener : start());
        leave();
      }
    },
    close() {
      closed = true;
      for (const child of all) child.kill("SIGKILL");
    },
  };
}

function ask(child: ChildProcess, request: ModelRequest, memoryBytes: number): Promise<ModelReply> {
  return new Promise<ModelReply>((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      clearInterval(look);
      child.off("message", answered).off("error", failed).off("exit", ended);
    };
    const refuse = (error: AssayError): void => {
      end();
      reject(error);
    };
    const timer = setTimeout(() => {
      const seconds = timeoutMs / 1000;
      refuse(invalid(request, `could not be opened in ${seconds} seconds; save a smaller or simpler model`));
    }, timeoutMs);
    const look = setInterval(() => {
      void memoryOf(child.pid).then((bytes) => {
        if (bytes > memoryBytes) refuse(tooMuch(request, memoryBytes));
      });
    }, lookEveryMs);
    const answered = (reply: ModelReply): void => {
      end();
      resolve(reply);
    };
    const failed = (cause: Error): void =>
      refuse(new AssayError("internal", `${request.fileName} could not be read: ${cause.message}`, { cause }));
    const ended = (code: number | null, signal: string | null): void =>
      refuse(
        invalid(request, `ended the process that opened it (${signal ?? `code ${code}`}); export the model again`),
      );
    child.on("message", answered).on("error", failed).on("exit", ended);
    child.send(request, (cause) => {
      if (cause !== null) failed(cause);
    });
  });
}

function tooMuch({ fileName }: ModelRequest, memoryBytes: number): AssayError {
  return new AssayError(
    "data-too-large",
    `${fileName}: takes more memory to open than this server gives, ${Math.floor(memoryBytes / 1e6)} MB; save a smaller model, or raise ASSAY_MODEL_MEMORY`,
  );
}

/** What the process may do: read the program and its room. No other file, no writing, no other process. */
function permissions(room: string): string[] {
  const root = fileURLToPath(new URL("../../../../", import.meta.url));
  const readable = ["node_modules", "packages", "apps/server"].map((part) => join(root, part, "*"));
  const flag = process.allowedNodeEnvironmentFlags.has("--permission") ? "--permission" : "--experimental-permission";
  return [
    flag,
    // Threads and the native code of runtimes.
    "--allow-worker",
    "--allow-addons",
    ...[...readable, join(root, "package.json"), join(room, "*")].map((path) => `--allow-fs-read=${path}`),
    "--disable-warning=ExperimentalWarning",
    "--disable-warning=SecurityWarning",
  ];
}

/** What runtimes need to load; none of the server's own settings and secrets. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_ENV = "production", ...all } = process.env;
  const kept = ["LD_LIBRARY_PATH", "PATH", "SystemRoot", "TEMP"].flatMap((name) => {
    const value = all[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { NODE_ENV, ...Object.fromEntries(kept) };
}

/** Bytes of memory that a process holds; 0 where the system does not tell. */
async function memoryOf(pid: number | undefined): Promise<number> {
  if (pid === undefined || process.platform !== "linux") return 0;
  const statm = await readFile(`/proc/${pid}/statm`, "utf8").catch(() => "");
  return Number(statm.split(" ")[1] ?? 0) * pageBytes;
}

function invalid({ fileName }: ModelRequest, message: string): AssayError {
  return new AssayError("model-invalid", `${fileName}: ${message}`, { problems: [{ at: fileName, message }] });
}
