import { readFile } from "node:fs/promises";
import { AssayError, type Report } from "@assay/schema";

/** @throws AssayError not-found, report-invalid */
export async function readReportJson(path: string, shown: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new AssayError("not-found", `no report at ${shown}`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? `: ${cause.message}` : "";
    throw new AssayError("report-invalid", `${shown} is not JSON${why}`, { cause });
  }
}

/**
 * A report whose digests hold.
 * @throws AssayError not-found, report-invalid, digest-mismatch with the sections that differ
 */
export async function readReportFile(path: string, shown: string): Promise<Report> {
  const { verifyReport } = await import("@assay/report");
  const verification = verifyReport(await readReportJson(path, shown));
  if (verification.ok) return verification.report;
  throw new AssayError(
    "digest-mismatch",
    `${shown} was changed after it was sealed: ${verification.differs.join(", ")}`,
  );
}
