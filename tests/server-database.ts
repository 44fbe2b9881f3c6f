import { join } from "node:path";
import { runningCluster } from "@assay/db/embedded";
import pg from "pg";

/** Changes the embedded database of a server that runs, by the server's data folder. */
export async function changeDatabase(folder: string, text: string, values: unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: (await runningCluster(join(folder, "postgres"))) ?? "" });
  await client.connect();
  try {
    await client.query(text, values);
  } finally {
    await client.end();
  }
}
