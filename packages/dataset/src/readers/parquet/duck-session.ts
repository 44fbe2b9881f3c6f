import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AssayError } from "@assay/schema";
import type { DuckDBConnection, DuckDBDataChunk, DuckDBInstance, DuckDBValue } from "@duckdb/node-api";
import { dataError } from "../../data-error.ts";

/**
 * A DuckDB that can see one file and its own temporary folder, never the network: no extension is fetched or loaded,
 * no other path can be opened.
 */
export class DuckSession {
  readonly #file: string;
  readonly #path: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #folder: string;
  #closed = false;

  private constructor(
    file: string,
    path: string,
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    folder: string,
  ) {
    this.#file = file;
    this.#path = path;
    this.#instance = instance;
    this.#connection = connection;
    this.#folder = folder;
  }

  /** `file` is the name for messages, `path` the one file that may be read. */
  static async open(file: string, path: string, memoryBytes: number): Promise<DuckSession> {
    const { DuckDBInstance: instances } = await import("@duckdb/node-api");
    const folder = await mkdtemp(join(tmpdir(), "assay-data-"));
    try {
      const instance = await instances.create(":memory:", {
        autoinstall_known_extensions: "false",
        autoload_known_extensions: "false",
        memory_limit: `${Math.max(64, Math.floor(memoryBytes / 2 ** 20))}MiB`,
        temp_directory: folder,
        threads: "2",
      });
      const connection = await instance.connect();
      // The pattern is opened before what it matches.
      await connection.run(`SET allowed_paths = [${literal(path)}, ${pathLiteral(path)}]`);
      await connection.run("SET enable_external_access = false");
      await connection.run("SET lock_configuration = true");
      return new DuckSession(file, path, instance, connection, folder);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async run(sql: string, signal?: AbortSignal): Promise<void> {
    await this.#guarded(signal, () => this.#connection.run(sql));
  }

  async rows(sql: string, signal?: AbortSignal): Promise<readonly (readonly DuckDBValue[])[]> {
    return this.#guarded(signal, async () => (await this.#connection.runAndReadAll(sql)).getRows());
  }

  /** Hands over the chunks of a query in order, a few thousand rows each. */
  async stream(sql: string, onChunk: (chunk: DuckDBDataChunk) => void, signal?: AbortSignal): Promise<void> {
    await this.#guarded(signal, async () => {
      const result = await this.#connection.stream(sql);
      for (;;) {
        if (signal?.aborted) throw cancelled();
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) return;
        onChunk(chunk);
      }
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#connection.closeSync();
    this.#instance.closeSync();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #guarded<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    if (signal?.aborted) throw cancelled();
    const interrupt = (): void => this.#connection.interrupt();
    signal?.addEventListener("abort", interrupt, { once: true });
    try {
      return await work();
    } catch (error) {
      throw signal?.aborted ? cancelled() : duckFault(this.#file, this.#path, error);
    } finally {
      signal?.removeEventListener("abort", interrupt);
    }
  }
}

/** A text as a SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as a SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A path as a SQL literal that matches only itself: `read_parquet` takes patterns. */
export function pathLiteral(path: string): string {
  return literal(path.replace(/[[*?]/g, (sign) => `[${sign}]`));
}

function cancelled(): AssayError {
  return new AssayError("cancelled", "reading the data was cancelled");
}

function duckFault(file: string, path: string, error: unknown): unknown {
  if (!(error instanceof Error) || error.name === "AssayError") return error;
  // DuckDB's first line says what is wrong; the rest quotes the query.
  const first = error.message.split("\n")[0] ?? "";
  const reason = first.replace(/^[\w ]+ Error: /, "").replaceAll(path, file);
  if (/out of memory/i.test(error.message)) {
    return new AssayError(
      "data-too-large",
      `${file}: reading it needs more memory than the reader may take (${reason}); give the reader more memory, or leave columns with very many distinct values out of the plan`,
      { cause: error },
    );
  }
  if (/no space left/i.test(error.message)) {
    return new AssayError(
      "disk-full",
      `${file}: the disk of the temporary folder is full; free some space and run again`,
      {
        cause: error,
      },
    );
  }
  return dataError(file, null, `the file cannot be read: ${reason}; write or copy it again`, error);
}
