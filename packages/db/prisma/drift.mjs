// What the schema says beyond the migrations, as SQL: the next migration. Empty where the two agree.
// As a program it prints that SQL for a fresh database with every migration applied, and exits 2 where there is any.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import pg from "pg";

const require = createRequire(import.meta.url);
const schemaPath = join(import.meta.dirname, "schema.prisma");

/** The engine is bundled for bundlers; Node loads its WebAssembly by hand. */
async function loadEngine() {
  const glue = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const file = require.resolve("@prisma/schema-engine-wasm").replace(/schema_engine\.js$/, "schema_engine_bg.wasm");
  const { instance } = await WebAssembly.instantiate(readFileSync(file), { "./schema_engine_bg.js": glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return glue.SchemaEngine;
}

const oidOfChar = 18;
const oidOfCharArray = 1002;

/**
 * The catalogue has columns of the type "char", which the adapter refuses. They pass it dressed as arrays of that type
 * (the schema engine asks for none) and are undressed behind it.
 */
class CatalogueClient extends pg.Client {
  query(...args) {
    const done = args.at(-1);
    if (typeof done !== "function") return super.query(...args).then(dressed);
    return super.query(...args.slice(0, -1), (error, result) => done(error, result && dressed(result)));
  }
}

function dressed(result) {
  for (const field of result.fields ?? []) if (field.dataTypeID === oidOfChar) field.dataTypeID = oidOfCharArray;
  return result;
}

class CatalogueAdapter extends PrismaPg {
  async connect() {
    const adapter = await super.connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query);
      const { Character, CharacterArray } = ColumnTypeEnum;
      return { ...result, columnTypes: result.columnTypes.map((type) => (type === CharacterArray ? Character : type)) };
    };
    return adapter;
  }
}

/** SQL that brings the database at `url` to the schema. */
export async function drift(url) {
  const SchemaEngine = await loadEngine();
  const schema = { path: schemaPath, content: readFileSync(schemaPath, "utf8") };
  const pool = new pg.Pool({ connectionString: url, Client: CatalogueClient });
  const adapter = bindMigrationAwareSqlAdapterFactory(new CatalogueAdapter(pool));
  const engine = await SchemaEngine.new({ datamodels: [[schema.path, schema.content]] }, () => {}, adapter);
  const { stdout } = await engine
    .diff({
      from: { tag: "schemaDatasource", files: [schema], configDir: import.meta.dirname },
      to: { tag: "schemaDatamodel", files: [schema] },
      script: true,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    })
    .finally(() => pool.end());
  const sql = stdout ?? "";
  return sql.includes("-- This is an empty migration.") ? "" : sql.trim();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { startCluster } = await import("../dist/embedded/index.js");
  const { migrate } = await import("../dist/index.js");
  const folder = mkdtempSync(join(tmpdir(), "assay-drift-"));
  const cluster = await startCluster(folder);
  try {
    await migrate(cluster.url);
    const sql = await drift(cluster.url);
    process.stdout.write(sql === "" ? "" : `${sql}\n`);
    process.exitCode = sql === "" ? 0 : 2;
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
