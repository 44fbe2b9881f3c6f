// `npm test`: installs, builds, lints, then runs every test. Prints last: "412 passed, 0 failed, 9 skipped".
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { build, checkNode, install, must, root } from "./ready.mjs";

checkNode();
install();
build();
must("npx", ["tsc", "-p", "tests"], "types of the tests");
must("npx", ["biome", "check", "--error-on-warnings", "."], "lint and format");

const folder = mkdtempSync(join(tmpdir(), "assay-test-"));
const results = join(folder, "results.json");
const run = spawnSync(
  process.execPath,
  [
    join(root, "node_modules", "vitest", "vitest.mjs"),
    "run",
    "--reporter=dot",
    "--reporter=json",
    `--outputFile.json=${results}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" } },
);

let report;
try {
  report = JSON.parse(readFileSync(results, "utf8"));
} catch {
  console.log("the test run wrote no results");
  process.exit(1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const skipped = report.numPendingTests + report.numTodoTests;
for (const file of report.testResults) {
  for (const test of file.assertionResults) {
    if (test.status === "pending" || test.status === "skipped" || test.status === "todo")
      console.log(`skipped: ${test.fullName}`);
  }
}
// Where the time of a run goes, for whoever has to make it shorter.
const took = report.testResults
  .map((file) => ({ path: relative(root, file.name), seconds: (file.endTime - file.startTime) / 1000 }))
  .sort((a, b) => b.seconds - a.seconds);
for (const { path, seconds } of took.slice(0, 20)) console.log(`${seconds.toFixed(0).padStart(5)} s  ${path}`);
// A file that could not be loaded holds no test, and is a failure all the same.
const broken = report.testResults.filter(
  (file) => file.status === "failed" && file.assertionResults.length === 0,
).length;
const failed = report.numFailedTests + broken;
// Failures come last, since a log that is cut keeps its end.
for (const file of report.testResults) {
  const path = relative(root, file.name);
  if (file.status === "failed" && file.assertionResults.length === 0)
    console.log(`failed: ${path}\n${excerpt(file.message)}`);
  for (const test of file.assertionResults) {
    if (test.status === "failed")
      console.log(`failed: ${path} ${test.fullName}\n${excerpt(test.failureMessages.join("\n"))}`);
  }
}
console.log(`${report.numPassedTests} passed, ${failed} failed, ${skipped} skipped`);
process.exit(run.status === 0 && failed === 0 ? 0 : 1);

function excerpt(message) {
  const lines = stripVTControlCharacters(message ?? "").split("\n");
  return lines
    .slice(0, 20)
    .map((line) => `  ${line.slice(0, 300)}`)
    .join("\n");
}
