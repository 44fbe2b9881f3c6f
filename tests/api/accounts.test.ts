import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../paths.ts";
import { type Answer, runServer, ServerProcess } from "../server-process.ts";

const none = { ASSAY_INIT_EMAIL: "", ASSAY_INIT_PASSWORD: "", ASSAY_INIT_API_KEY: "" };
const owner = { name: "Ada", email: "ada@example.org", password: "a long password" };

let server: ServerProcess;
let link: URL;
beforeAll(async () => {
  server = await ServerProcess.start({ env: none });
  link = new URL(server.output.match(/http:\/\/\S+\/setup\?token=\S+/)?.[0] ?? "");
}, 120_000);
afterAll(async () => {
  await server.stop();
});

async function signIn(email: string, password: string): Promise<Response> {
  return fetch(`${server.url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.url },
    body: JSON.stringify({ email, password }),
  });
}

function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

describe("the first start", () => {
  it("has no account and no default password", async () => {
    expect(await server.call("GET", "/system", undefined, null)).toMatchObject({ needsSetup: true });
    expect((await signIn("admin@example.org", "admin")).status).toBe(401);
    expect((await server.fetch("GET", "/projects", undefined, null)).status).toBe(401);
  });

  it("lets nobody sign up", async () => {
    const response = await fetch(`${server.url}/api/auth/sign-up/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: server.url },
      body: JSON.stringify(owner),
    });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await server.call("GET", "/system", undefined, null)).toMatchObject({ needsSetup: true });
  });

  it("makes the owner by the link in the log, once", async () => {
    const token = link.searchParams.get("token");
    expect((await server.fetch("POST", "/setup", { ...owner, token: "guess" }, null)).status).toBe(403);
    expect((await server.fetch("POST", "/setup", { ...owner, token, password: "short" }, null)).status).toBe(400);
    const both = await Promise.all([
      server.fetch("POST", "/setup", { ...owner, token }, null),
      server.fetch("POST", "/setup", { ...owner, token, email: "eve@example.org" }, null),
    ]);
    expect(both.map((response) => response.status).sort()).toEqual([200, 403]);
    expect((await server.fetch("POST", "/setup", { ...owner, token }, null)).status).toBe(403);
    expect(await server.call("GET", "/system", undefined, null)).toMatchObject({ needsSetup: false });
  });
});

describe("accounts", () => {
  let cookie = "";
  it("sign in by e-mail and password, and out", async () => {
    const who = (await signIn(owner.email, owner.password)).ok ? owner.email : "eve@example.org";
    expect((await signIn(who, "wrong password")).status).toBe(401);
    const response = await signIn(who, owner.password);
    cookie = cookieOf(response);
    expect(response.headers.getSetCookie().join()).toMatch(/HttpOnly/i);
    const me = await fetch(`${server.url}/api/v1/me`, { headers: { cookie } });
    expect(await me.json()).toMatchObject({ user: { email: who } });
  });

  it("cannot be driven from a foreign page", async () => {
    const response = await fetch(`${server.url}/api/auth/sign-out`, {
      method: "POST",
      headers: { cookie, origin: "https://evil.example" },
    });
    expect(response.status).toBe(403);
    expect((await fetch(`${server.url}/api/v1/me`, { headers: { cookie } })).status).toBe(200);
  });

  it("make keys that are shown once, work until they are revoked, and not a moment longer", async () => {
    const post = (path: string, method: string, body?: unknown) =>
      fetch(`${server.url}/api/v1${path}`, {
        method,
        headers: { cookie, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const made: Answer = await (await post("/keys", "POST", { name: "laptop", expiresInDays: 30 })).json();
    expect(made.key).toMatch(/^assay_/);
    const listed: Answer = await (await post("/keys", "GET")).json();
    expect(listed).toHaveLength(1);
    expect(listed[0]).toMatchObject({ name: "laptop", start: made.key.slice(0, 12), lastUsedAt: null });
    expect(JSON.stringify(listed)).not.toContain(made.key);
    expect(Date.parse(listed[0].expiresAt) - Date.parse(listed[0].createdAt)).toBeCloseTo(30 * 86_400_000, -4);

    expect((await server.fetch("GET", "/projects", undefined, made.key)).status).toBe(200);
    expect((await server.fetch("GET", "/projects", undefined, `${made.key}x`)).status).toBe(401);
    expect((await (await post("/keys", "GET")).json())[0].lastUsedAt).not.toBeNull();
    expect((await post(`/keys/${made.id}`, "DELETE")).status).toBe(200);
    expect((await server.fetch("GET", "/projects", undefined, made.key)).status).toBe(401);
    expect((await post(`/keys/${made.id}`, "DELETE")).status).toBe(404);
  });

  it("get a new password by the reset command, which ends their sessions", async () => {
    const email = (await (await fetch(`${server.url}/api/v1/me`, { headers: { cookie } })).json()).user.email;
    const reset = promisify(execFile)(process.execPath, [join(root, "apps/server/dist/reset.js"), email], {
      env: { PATH: process.env.PATH, ASSAY_DATA_DIR: server.folder } as unknown as NodeJS.ProcessEnv,
    });
    const password = (await reset).stdout.match(/is (\S+)$/m)?.[1] ?? "";
    expect((await signIn(email, owner.password)).status).toBe(401);
    expect((await fetch(`${server.url}/api/v1/me`, { headers: { cookie } })).status).toBe(401);
    expect((await signIn(email, password)).status).toBe(200);
  });
});

describe("a start that cannot be", () => {
  it("says that another server uses the data", async () => {
    const { code, output } = await runServer(server.folder, none);
    expect(code).toBe(2);
    expect(output).toMatch(
      new RegExp(`^assay: another Assay server \\(process ${server.pid}\\) is using the data in .*\n$`),
    );
  });

  it("says that the port is taken, and leaves no database behind", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const folder = await mkdtemp(join(tmpdir(), "assay-test-"));
    const first = await runServer(folder, { ...none, PORT: String(port) });
    expect(first).toMatchObject({ code: 2, output: expect.stringMatching(`^assay: port ${port} is taken; [^\n]*\n$`) });
    taken.close();
    const second = await ServerProcess.start({ folder, env: none });
    expect(await second.stop()).toBe(0);
  }, 120_000);

  it("says that the folder cannot be written", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "assay-test-")), "file");
    await writeFile(file, "");
    const { code, output } = await runServer(tmpdir(), { ...none, ASSAY_DATA_DIR: join(file, "data") });
    expect(code).toBe(2);
    expect(output).toMatch(/^assay: the data folder .* cannot be written \(ENOTDIR\); [^\n]*\n$/);
    await rm(join(file, ".."), { recursive: true });
  });

  it("tells everything wrong with the environment at once", async () => {
    const env = { ...none, PORT: "many", ASSAY_UPLOAD_LIMIT: "a lot", ASSAY_INIT_EMAIL: "ada@example.org" };
    const { code, output } = await runServer(tmpdir(), env);
    expect(code).toBe(2);
    for (const name of ["PORT", "ASSAY_UPLOAD_LIMIT", "ASSAY_INIT_PASSWORD"]) expect(output).toContain(`  ${name}: `);
  });

  it("says that the database does not answer", async () => {
    const { code, output } = await runServer(tmpdir(), { ...none, DATABASE_URL: "postgresql://x@127.0.0.1:9/x" });
    expect(code).toBe(2);
    expect(output).toMatch(/^assay: the database does not answer: .*; check DATABASE_URL\n$/);
  });
});
