import { connect } from "@assay/db";
import { AssayError, isAssayError } from "@assay/schema";
import { openDataFolder } from "./data-folder.ts";
import { readEnv } from "./env.ts";
import { openJobs, openQueue } from "./jobs/index.ts";
import { workerName } from "./jobs/supervise.ts";

/**
 * A worker: takes jobs from the queue until it is told to stop. The server starts its own; more may be started on any
 * machine with the same DATABASE_URL and the same data folder.
 */
async function main(): Promise<void> {
  const env = readEnv(process.env);
  if (env.databaseUrl === null) {
    throw new AssayError(
      "usage",
      "a worker needs DATABASE_URL, the database of its server; `npm start` starts workers of its own",
    );
  }
  const folder = openDataFolder(env.dataFolder);
  const log = (message: string) => process.stderr.write(`assay worker: ${message}\n`);
  const database = connect(env.databaseUrl, { connections: 3 });
  await database.version().catch((cause: unknown) => {
    throw new AssayError("unreachable", "the worker's database does not answer; check DATABASE_URL", { cause });
  });
  const queue = await openQueue({ url: env.databaseUrl, role: "worker", onError: (error) => log(String(error)) });
  const jobs = openJobs({
    stores: database.stores,
    databaseUrl: env.databaseUrl,
    blobFolder: folder.blobs,
    worker: workerName(process.pid),
    device: env.device,
    endpoints: env.endpoints,
    threads: env.threads,
    log,
  });
  const stop = new AbortController();
  await queue.work((job, lost) => jobs.work(job, AbortSignal.any([stop.signal, lost])));

  let stopping = false;
  const leave = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    // No new job; then the handler at work rejects, and pg-boss puts its job back before it stops.
    const drained = queue.drain();
    stop.abort();
    await drained;
    await jobs.close();
    await queue.stop();
    await database.close();
    process.exit(0);
  };
  // Ctrl-C and service managers signal the whole group: a worker with a server waits for the server's word.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => void (process.connected ? undefined : leave()));
  process.on("message", (message) => void (message === "stop" ? leave() : undefined));
  // The server is gone without a word. Whatever runs here is taken up by the next one.
  process.on("disconnect", () => process.exit(1));
}

main().catch((error: unknown) => {
  process.stderr.write(`assay worker: ${isAssayError(error) ? error.message : String(error)}\n`);
  process.exit(2);
});
