import { AssayError } from "@assay/schema";
import pg from "pg";

/** Whoever holds this advisory lock on the `postgres` database owns the data folder. */
const ownerLock = 7_237_720_115;

export interface Ownership {
  /** Lets go. */
  release(): Promise<void>;
  /** Settles when the connection, and with it the ownership, is lost. */
  readonly lost: Promise<void>;
}

/**
 * Makes this process the one server of a cluster, for as long as the connection lives.
 * @throws AssayError conflict where another server is it
 */
export async function ownCluster(url: string, folder: string): Promise<Ownership> {
  const client = new pg.Client({ connectionString: url, application_name: `assay server ${process.pid}` });
  let tell: () => void = () => {};
  const lost = new Promise<void>((resolve) => {
    tell = resolve;
  });
  client.on("error", tell);
  client.on("end", tell);
  await client.connect();
  const { rows } = await client.query<{ mine: boolean }>("SELECT pg_try_advisory_lock($1) AS mine", [ownerLock]);
  if (rows[0]?.mine === true) return { release: () => client.end(), lost };
  const holder = await client.query<{ name: string }>(
    `SELECT application_name AS name FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32) + objid::bigint = $1`,
    [ownerLock],
  );
  await client.end();
  const pid = holder.rows[0]?.name.match(/\d+$/)?.[0];
  throw new AssayError(
    "conflict",
    `another Assay server${pid === undefined ? "" : ` (process ${pid})`} is using the data in ${folder}; stop it, or set ASSAY_DATA_DIR to another folder`,
  );
}
