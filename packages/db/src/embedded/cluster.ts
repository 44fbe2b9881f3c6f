import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { arch, platform, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { AssayError } from "@assay/schema";
import pg from "pg";
import { type Binaries, findBinaries } from "./binaries.ts";
import { chooseIdentity, type Identity, spawnIdentity } from "./identity.ts";
import { ownCluster } from "./owner.ts";
import { isAlive, isPostgres, readPostmaster } from "./postmaster.ts";

export interface Cluster {
  /** Connects to Assay's own database in the cluster. */
  readonly url: string;
  /** Settles when the database is gone without `stop`. */
  readonly lost: Promise<void>;
  stop(): Promise<void>;
}

interface Place {
  /** Holds data, password, socket and log. */
  readonly folder: string;
  readonly data: string;
  readonly password: string;
  /** Folder of the Unix socket; null on Windows, which speaks TCP on the loopback. */
  readonly socket: string | null;
  readonly port: number;
}

const startTimeoutMs = 60_000;
const stopTimeoutMs = 30_000;

/**
 * Starts the PostgreSQL that comes with Assay in `folder`, making the cluster where it is missing. A PostgreSQL that a
 * killed server left behind is stopped first; one that a living server uses is left alone. `dataFolder` is what people
 * know the place by.
 * @throws AssayError conflict where another server uses the folder; not-supported where PostgreSQL cannot run here
 */
export async function startCluster(folder: string, dataFolder = folder): Promise<Cluster> {
  const place = await placeIn(resolve(folder));
  const binaries = await findBinaries(platform(), arch());
  const identity = chooseIdentity(place.folder, binaries.folder);
  give(identity, place.folder);
  if (place.socket !== null) {
    mkdirSync(place.socket, { recursive: true, mode: 0o700 });
    give(identity, place.socket);
  }
  await create(place, binaries, identity);
  await stopOrphan(place, dataFolder);
  const child = launch(place, binaries, identity);
  try {
    await ready(place, () => child.exitCode !== null);
    const ownership = await ownCluster(urlOf(place, "postgres"), dataFolder);
    await ensureDatabase(place);
    return {
      url: urlOf(place, "assay"),
      lost: ownership.lost,
      async stop() {
        await ownership.release().catch(() => {});
        child.kill("SIGINT");
        await gone(child.pid ?? 0);
      },
    };
  } catch (error) {
    child.kill("SIGINT");
    await gone(child.pid ?? 0);
    throw error;
  }
}

/** Where the cluster in `folder` takes connections now; null where it is not running. */
export async function runningCluster(folder: string): Promise<string | null> {
  const place = await placeIn(resolve(folder));
  const found = readPostmaster(place.data);
  if (found === null || !isAlive(found.pid) || isPostgres(found.pid) === false) return null;
  const there: Place = { ...place, port: found.port, socket: place.socket === null ? null : found.socketFolder };
  await ready(there, () => !isAlive(found.pid));
  return urlOf(there, "assay");
}

async function placeIn(folder: string): Promise<Place> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const passwordFile = join(folder, "password");
  if (!existsSync(passwordFile)) {
    writeFileSync(passwordFile, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  }
  const base = { folder, data: join(folder, "data"), password: readFileSync(passwordFile, "utf8").trim() };
  if (platform() === "win32") return { ...base, socket: null, port: await freePort() };
  // A socket's path has at most 107 bytes; the name in it takes 20.
  const near = join(folder, "socket");
  const far = join(tmpdir(), `assay-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}`);
  return { ...base, socket: Buffer.byteLength(near) <= 80 ? near : far, port: 5432 };
}

function urlOf(place: Place, database: string): string {
  const host = place.socket === null ? "" : `?host=${encodeURIComponent(place.socket)}`;
  return `postgresql://assay:${encodeURIComponent(place.password)}@127.0.0.1:${place.port}/${database}${host}`;
}

function give(identity: Identity, path: string): void {
  if (identity.owner !== null) chownSync(path, identity.owner.uid, identity.owner.gid);
}

/** Makes the cluster beside its place and moves it in when it is whole, so that no crash leaves half of one. */
async function create(place: Place, binaries: Binaries, identity: Identity): Promise<void> {
  if (existsSync(join(place.data, "PG_VERSION"))) {
    await checkVersion(place, binaries);
    return;
  }
  const fresh = join(place.folder, `data.new.${process.pid}`);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  give(identity, fresh);
  give(identity, join(place.folder, "password"));
  const flags = ["--username=assay", "--auth=scram-sha-256", `--pwfile=${join(place.folder, "password")}`];
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const [code, output] = await collect(
    [...identity.prefix, binaries.initdb, `--pgdata=${fresh}`, ...flags, ...locale],
    identity,
  );
  if (code !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw new AssayError("internal", `PostgreSQL could not make its files in ${place.folder}: ${output.trim()}`);
  }
  try {
    renameSync(fresh, place.data);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(join(place.data, "PG_VERSION"))) throw error;
  }
}

async function checkVersion(place: Place, binaries: Binaries): Promise<void> {
  const [, output] = await collect([binaries.postgres, "--version"], { owner: null, prefix: [] });
  const ours = output.match(/\d+/)?.[0];
  const theirs = readFileSync(join(place.data, "PG_VERSION"), "utf8").trim();
  if (ours !== undefined && ours !== theirs) {
    throw new AssayError(
      "not-supported",
      `${place.data} was made by PostgreSQL ${theirs} and this Assay carries ${ours}; dump it with the Assay that made it, or set ASSAY_DATA_DIR to another folder`,
    );
  }
}

/** Stops a PostgreSQL without a server. @throws AssayError conflict where it has one */
async function stopOrphan(place: Place, dataFolder: string): Promise<void> {
  const found = readPostmaster(place.data);
  if (found === null || !isAlive(found.pid)) return;
  if (isPostgres(found.pid) === false) {
    rmSync(join(place.data, "postmaster.pid"), { force: true });
    return;
  }
  const there: Place = { ...place, port: found.port, socket: place.socket === null ? null : found.socketFolder };
  try {
    await ready(there, () => !isAlive(found.pid));
  } catch (error) {
    if (!isAlive(found.pid)) return;
    throw error;
  }
  const ownership = await ownCluster(urlOf(there, "postgres"), dataFolder);
  process.kill(found.pid, "SIGINT");
  await gone(found.pid);
  await ownership.release().catch(() => {});
}

/** Detached, with its own log file: neither Ctrl-C nor the end of this process reaches it before we say so. */
function launch(place: Place, binaries: Binaries, identity: Identity) {
  const log = openSync(join(place.folder, "log"), "w", 0o600);
  const socket = place.socket === null ? "listen_addresses=127.0.0.1" : `unix_socket_directories=${place.socket}`;
  const settings = [
    socket,
    ...(place.socket === null ? [] : ["listen_addresses=", "unix_socket_permissions=0700"]),
    "max_connections=60",
    "shared_buffers=64MB",
    "log_timezone=UTC",
    "timezone=UTC",
  ].flatMap((setting) => ["-c", setting]);
  const command = [...identity.prefix, binaries.postgres, "-D", place.data, "-p", String(place.port), ...settings];
  const child = spawn(command[0] ?? binaries.postgres, command.slice(1), {
    cwd: "/",
    detached: true,
    stdio: ["ignore", log, log],
    ...spawnIdentity(identity),
  });
  child.on("error", () => {});
  child.unref();
  closeSync(log);
  return child;
}

/** Waits until the cluster takes connections. */
async function ready(place: Place, ended: () => boolean): Promise<void> {
  const until = Date.now() + startTimeoutMs;
  for (;;) {
    const client = new pg.Client({ connectionString: urlOf(place, "postgres"), connectionTimeoutMillis: 5000 });
    client.on("error", () => {});
    try {
      await client.connect();
      await client.end();
      return;
    } catch (cause) {
      await client.end().catch(() => {});
      if (ended()) throw new AssayError("internal", `PostgreSQL did not start: ${lastLog(place)}`, { cause });
      if (Date.now() > until) {
        throw new AssayError("timeout", `PostgreSQL in ${place.folder} does not answer: ${lastLog(place)}`, { cause });
      }
    }
    await new Promise((wake) => setTimeout(wake, 25));
  }
}

function lastLog(place: Place): string {
  try {
    return readFileSync(join(place.folder, "log"), "utf8").trim().split("\n").slice(-3).join("; ");
  } catch {
    return "it left no log";
  }
}

async function ensureDatabase(place: Place): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(place, "postgres") });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = 'assay'");
    if (rowCount === 0) await client.query("CREATE DATABASE assay");
  } finally {
    await client.end();
  }
}

/** Waits for a process to end; after the time is up it is asked to leave at once. */
async function gone(pid: number): Promise<void> {
  if (pid === 0) return;
  const until = Date.now() + stopTimeoutMs;
  while (isAlive(pid)) {
    if (Date.now() > until) {
      process.kill(pid, "SIGQUIT");
      return;
    }
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

async function collect(command: readonly string[], identity: Identity): Promise<[number, string]> {
  return new Promise((settle, reject) => {
    const child = spawn(command[0] ?? "", command.slice(1), { cwd: "/", ...spawnIdentity(identity) });
    let output = "";
    child.stdout.on("data", (chunk) => (output += String(chunk)));
    child.stderr.on("data", (chunk) => (output += String(chunk)));
    child.on("error", reject);
    child.on("close", (code) => settle([code ?? 1, output]));
  });
}

async function freePort(): Promise<number> {
  return new Promise((settle, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => settle(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
