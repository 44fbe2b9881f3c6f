import { execFileSync, spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { AssayError } from "@assay/schema";

/** As whom PostgreSQL runs. */
export interface Identity {
  /** Set where this process is root, which PostgreSQL refuses to run as. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  /** Program and arguments put before PostgreSQL's own. */
  readonly prefix: readonly string[];
}

/**
 * Root hands PostgreSQL to another user. That user must reach the data and the programs: where folders above them are
 * closed (a clone under /root or in a fresh temporary folder) it is given the one capability that passes closed folders.
 * @throws AssayError not-supported where no way works
 */
export function chooseIdentity(folder: string, programs: string): Identity {
  if (process.getuid?.() !== 0) return { owner: null, prefix: [] };
  const owner = ownerOf(folder) ?? systemUser();
  if (owner === null) {
    throw new AssayError(
      "not-supported",
      "PostgreSQL does not run as root and this system has no user to run it as; start Assay as another user or set DATABASE_URL",
    );
  }
  if (canReach(owner, [], [folder, programs])) return { owner, prefix: [] };
  const prefix = [
    "setpriv",
    `--reuid=${owner.uid}`,
    `--regid=${owner.gid}`,
    "--clear-groups",
    "--inh-caps=-all,+dac_override",
    "--ambient-caps=-all,+dac_override",
    "--bounding-set=-all,+dac_override",
    "--securebits=+no_setuid_fixup",
    "--",
  ];
  if (canReach(null, prefix, [folder, programs])) return { owner, prefix };
  throw new AssayError(
    "not-supported",
    `PostgreSQL does not run as root, and the user it runs as cannot enter ${folder} or ${programs}; put both where others can enter (such as /opt and /var/lib), start Assay as another user, or set DATABASE_URL`,
  );
}

/** Options of `spawn` that switch the user; setpriv switches by itself. */
export function spawnIdentity(identity: Identity): { uid?: number; gid?: number } {
  return identity.owner !== null && identity.prefix.length === 0 ? { ...identity.owner } : {};
}

/** A cluster keeps the owner it was made with. */
function ownerOf(folder: string): Identity["owner"] {
  try {
    const { uid, gid } = statSync(`${folder}/data`);
    return uid === 0 ? null : { uid, gid };
  } catch {
    return null;
  }
}

function systemUser(): Identity["owner"] {
  for (const name of ["postgres", "nobody"]) {
    try {
      const id = (flag: string) => Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: "pipe" }));
      return { uid: id("-u"), gid: id("-g") };
    } catch {
      // No such user; the next one.
    }
  }
  return null;
}

function canReach(owner: Identity["owner"], prefix: readonly string[], folders: readonly string[]): boolean {
  const command = [...prefix, "sh", "-c", 'for folder; do test -x "$folder" || exit 1; done', "sh", ...folders];
  const result = spawnSync(command[0] ?? "sh", command.slice(1), { cwd: "/", stdio: "ignore", ...(owner ?? {}) });
  return result.status === 0;
}
