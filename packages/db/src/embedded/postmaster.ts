import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Where its Unix socket is; empty where it has none. */
  readonly socketFolder: string;
}

/** What `postmaster.pid` says: the process that holds, or held, the data folder. */
export function readPostmaster(dataFolder: string): Postmaster | null {
  let lines: string[];
  try {
    lines = readFileSync(join(dataFolder, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return null;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return { pid, port: Number(lines[3]) || 0, socketFolder: lines[4]?.trim() ?? "" };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * Whether a living process is a PostgreSQL. Process ids start again from one in a container, so the id in an old
 * `postmaster.pid` may well be somebody else. Null where the system does not tell.
 */
export function isPostgres(pid: number): boolean | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0]?.includes("postgres") ?? false;
  } catch {
    return null;
  }
}
