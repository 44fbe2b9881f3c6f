import { isAssayError } from "@assay/schema";
import { readEnv } from "./env.ts";
import { type Server, startServer } from "./server.ts";

const log = (message: string) => process.stderr.write(`assay: ${message}\n`);

/** Starts the server and tells how to reach it. Ends with 2 where it cannot start, 0 where it was asked to stop. */
async function main(): Promise<void> {
  const began = performance.now();
  // Next and React choose their fast builds by it.
  if (process.env.NODE_ENV === undefined) Object.assign(process.env, { NODE_ENV: "production" });
  let server: Server | null = null;
  let asked = false;
  let leaving = false;
  const leave = async (code: number): Promise<void> => {
    if (leaving) return;
    leaving = true;
    await server?.stop();
    process.exit(code);
  };
  // A start is not broken off halfway: it is finished and undone, so that no database stays behind.
  const onSignal = (): void => {
    asked = true;
    if (server !== null) void leave(0);
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);

  server = await startServer(readEnv(process.env), log);
  if (asked) return leave(0);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`\n  Assay is ready on ${server.url} (${seconds} s)\n`);
  if (!server.hasWeb) process.stdout.write("  The dashboard is not built; the API is at /api/v1.\n");
  if (server.setupLink !== null) {
    process.stdout.write(`\n  Make your account, once, with this link:\n  ${server.setupLink}\n`);
  }
  process.stdout.write("\n  Ctrl-C stops it.\n\n");
  // Whoever started this process as a child may wait for it.
  process.send?.({ ready: server.url });
  await server.lost;
  if (leaving) return;
  log("the database ended; its log lies in the data folder under postgres/log");
  await leave(1);
}

main().catch((error: unknown) => {
  log(isAssayError(error) ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(2);
});
