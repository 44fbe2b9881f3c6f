/** The `assay` program. Ctrl-C stops the work at the next step and exits with 130; a second one ends at once. */
const abort = new AbortController();
let interrupts = 0;
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    interrupts++;
    abort.abort();
    if (interrupts > 1) process.exit(130);
  });
}
// `assay audits | head` closes the pipe early: what is left goes nowhere, and the exit code stays what it is.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED") return;
    process.exit(2);
  });
}
// Node's own exit code for these is 1, which means a failed gate and nothing else.
for (const name of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(name, (error: unknown) => {
    process.stderr.write(`assay: unexpected failure: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(2);
  });
}

// Loaded only now, so that an early Ctrl-C finds its handler.
const { runCli } = await import("./program.ts");
const code = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: abort.signal,
});
process.exitCode = code;
// Idle connections and threads of libraries must not hold the exit back; output is flushed first.
process.stderr.write("", () => process.stdout.write("", () => process.exit(code)));
