import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Report } from "@assay/schema";
import { AssayError } from "@assay/schema/plain";

/** Where a report lies and how it is called: a folder stands for the report.json in it. */
export async function reportPath(
  cwd: string,
  given: string,
): Promise<{ readonly path: string; readonly shown: string }> {
  const path = resolve(cwd, given);
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() === true
    ? { path: join(path, "report.json"), shown: join(given, "report.json") }
    : { path, shown: given };
}

/** @throws AssayError not-found, report-invalid */
export async function readReportJson(path: string, shown: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : "";
    if (code === "ENOENT" || code === "ENOTDIR") throw new AssayError("not-found", `no report at ${shown}`, { cause });
    throw new AssayError("forbidden", `${shown} cannot be read (${String(code)})`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AssayError("report-invalid", `${shown} is not JSON, so it is no report; give the report.json of a run`, {
      cause,
    });
  }
}

/**
 * A report whose digests hold.
 * @throws AssayError not-found, report-invalid, digest-mismatch with the sections that differ
 */
export async function readReportFile(path: string, shown: string): Promise<Report> {
  const { verifyReport } = await import("@assay/report/text");
  const verification = verifyReport(await readReportJson(path, shown));
  if (verification.ok) return verification.report;
  throw new AssayError(
    "digest-mismatch",
    `${shown} was changed after it was sealed: ${verification.differs.join(", ")}`,
    { problems: verification.differs.map((at) => ({ at, message: "does not match its digest" })) },
  );
}
