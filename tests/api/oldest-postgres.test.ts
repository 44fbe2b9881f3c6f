import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ServerProcess } from "../server-process.ts";

/** The oldest PostgreSQL that is supported, where the machine has it. */
const programs = ["/usr/lib/postgresql/15/bin", "/usr/pgsql-15/bin", "/opt/homebrew/opt/postgresql@15/bin"].find(
  (path) => existsSync(join(path, "initdb")),
);

describe.skipIf(programs === undefined)("PostgreSQL 15 by DATABASE_URL", () => {
  let folder: string;
  let postgres: ChildProcess;
  let server: ServerProcess;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "assay-pg15-"));
    // PostgreSQL refuses root; Debian's package brings the user.
    const root = process.getuid?.() === 0;
    const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
    const who = root ? { uid: id("-u"), gid: id("-g") } : {};
    if (who.uid !== undefined) chownSync(folder, who.uid, who.gid);
    const bin = (name: string) => join(programs ?? "", name);
    const options = { ...who, cwd: folder };
    execFileSync(
      bin("initdb"),
      ["-D", join(folder, "data"), "-U", "assay", "-A", "trust", "-N", "-E", "UTF8"],
      options,
    );
    const settings = ["-c", "listen_addresses=", "-c", `unix_socket_directories=${folder}`];
    postgres = spawn(bin("postgres"), ["-D", join(folder, "data"), ...settings], { ...options, stdio: "ignore" });
    const url = `postgresql://assay@localhost/postgres?host=${encodeURIComponent(folder)}`;
    while (!existsSync(join(folder, ".s.PGSQL.5432"))) await new Promise((wake) => setTimeout(wake, 50));
    const data = join(folder, "server");
    mkdirSync(data);
    server = await ServerProcess.start({ folder: data, env: { DATABASE_URL: url } });
  }, 120_000);
  afterAll(async () => {
    await server.stop();
    const gone = new Promise((resolve) => postgres.once("exit", resolve));
    postgres.kill("SIGINT");
    await gone;
    rmSync(folder, { recursive: true, force: true });
  });

  it("takes the same migrations and runs a plan to its report", async () => {
    expect((await server.call("GET", "/system")).database).toMatch(/^PostgreSQL 15\./);
    await server.call("POST", "/projects", { name: "Old" });
    const csv = "sex,admitted,count\nmale,yes,1198\nmale,no,1493\nfemale,yes,557\nfemale,no,1278\n";
    const dataset = await server.dataset("old", "admissions.csv", csv, { counts: true });
    const plan = `data: { counts: admissions.csv }
version: 1
columns: { decision: { column: admitted, equals: yes }, protected: [sex] }
audits: { fairness.impact-ratio: {} }
`;
    const run = await server.call("POST", "/projects/old/runs", { dataset: dataset.id, plan });
    expect(await server.waitFor(run.id, ["completed", "failed"])).toMatchObject({ status: "completed", error: null });
  });
});
