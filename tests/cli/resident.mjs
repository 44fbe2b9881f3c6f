// Runs one `assay` command after another in one process: most of a short command's time is loading the program.
import { Writable } from "node:stream";
import { runCli } from "../../packages/sdk/dist/cli/program.js";

process.on("disconnect", () => process.exit());
process.on("message", async ({ id, args, cwd, env }) => {
  const written = { stdout: "", stderr: "" };
  const stream = (name) =>
    new Writable({
      decodeStrings: false,
      write(text, _encoding, done) {
        written[name] += text;
        done();
      },
    });
  let code = 2;
  try {
    const streams = { stdout: stream("stdout"), stderr: stream("stderr") };
    code = await runCli(args, { ...streams, env, cwd, signal: new AbortController().signal });
  } catch (error) {
    written.stderr += `assay: unexpected failure: ${error?.stack ?? error}\n`;
  }
  process.send({ id, code, ...written });
});
