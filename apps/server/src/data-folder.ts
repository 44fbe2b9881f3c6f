import { randomBytes } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AssayError } from "@assay/schema";

export interface DataFolder {
  readonly path: string;
  readonly blobs: string;
  readonly postgres: string;
  readonly uploads: string;
}

/**
 * Makes the data folder and what lies in it.
 * @throws AssayError forbidden where it cannot be written
 */
export function openDataFolder(path: string): DataFolder {
  const folder = {
    path,
    blobs: join(path, "blobs"),
    postgres: join(path, "postgres"),
    uploads: join(path, "uploads"),
  };
  try {
    for (const part of [path, folder.blobs, folder.uploads]) mkdirSync(part, { recursive: true });
    accessSync(path, constants.W_OK | constants.X_OK);
    const probe = join(path, `.write-test-${process.pid}`);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new AssayError(
      code === "ENOSPC" ? "disk-full" : "forbidden",
      `the data folder ${path} cannot be written (${code}); set ASSAY_DATA_DIR to a folder that can`,
      { cause },
    );
  }
  return folder;
}

/** The key that signs sessions: from the environment, else made once and kept in the data folder. */
export function readSecret(folder: DataFolder, given: string | null): string {
  if (given !== null) return given;
  const file = join(folder.path, "secret");
  if (!existsSync(file)) {
    try {
      writeFileSync(file, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
  return readFileSync(file, "utf8").trim();
}
