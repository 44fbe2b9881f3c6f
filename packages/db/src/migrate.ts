import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AssayError } from "@assay/schema";
import pg from "pg";

export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file's bytes, as Prisma keeps it. */
  readonly checksum: string;
}

/** Servers that start together migrate one after the other. */
const migrationLock = 7_237_720_116;
const oldest = 150_000;

/** Migrations in `prisma/migrations`, in the order they apply. */
export function readMigrations(folder = fileURLToPath(new URL("../prisma/migrations", import.meta.url))): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const bytes = readFileSync(join(folder, name, "migration.sql"));
      return { name, sql: bytes.toString("utf8"), checksum: createHash("sha256").update(bytes).digest("hex") };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Applies what is missing, each migration in a transaction with its row in Prisma's `_prisma_migrations`.
 * @returns the names applied
 * @throws AssayError unreachable; not-supported for a PostgreSQL before 15; conflict where the database was migrated by
 *   a newer Assay or a migration was changed after it ran
 */
export async function migrate(url: string, migrations: readonly Migration[] = readMigrations()): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 15_000 });
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (cause) {
    throw new AssayError("unreachable", `the database does not answer: ${reason(cause)}; check DATABASE_URL`, {
      cause,
    });
  }
  try {
    const version = await client.query<{ number: number; text: string }>(
      "SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS text",
    );
    const server = version.rows[0];
    if (server !== undefined && server.number < oldest) {
      throw new AssayError("not-supported", `the database is PostgreSQL ${server.text}; Assay needs 15 or newer`);
    }
    await client.query("SELECT pg_advisory_lock($1)", [migrationLock]);
    return await apply(client, migrations);
  } finally {
    await client.end();
  }
}

async function apply(client: pg.Client, migrations: readonly Migration[]): Promise<string[]> {
  await client.query(`CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL,
    logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count int NOT NULL DEFAULT 0)`);
  const { rows } = await client.query<{ name: string; checksum: string }>(
    `SELECT migration_name AS name, checksum FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );
  for (const row of rows) {
    const known = migrations.find((migration) => migration.name === row.name);
    if (known === undefined) {
      throw new AssayError("conflict", `the database was changed by a newer Assay (${row.name}); start that version`);
    }
    if (known.checksum !== row.checksum) {
      throw new AssayError("conflict", `migration ${row.name} was changed after it ran on this database`);
    }
  }
  const missing = migrations.filter((migration) => !rows.some((row) => row.name === migration.name));
  for (const migration of missing) {
    try {
      await client.query("BEGIN");
      await client.query(migration.sql);
      await client.query(
        `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ($1, $2, $3, now(), 1)`,
        [randomUUID(), migration.checksum, migration.name],
      );
      await client.query("COMMIT");
    } catch (cause) {
      await client.query("ROLLBACK").catch(() => {});
      throw new AssayError("internal", `migration ${migration.name} failed: ${reason(cause)}`, { cause });
    }
  }
  return missing.map((migration) => migration.name);
}

function reason(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reason).join("; ");
  return cause instanceof Error ? cause.message : String(cause);
}
