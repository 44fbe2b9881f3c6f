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
// `assay audits | head` closes the pipe early, which is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

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
process.stdout.write("", () => process.exit(code));
