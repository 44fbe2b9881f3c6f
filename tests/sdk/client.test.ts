import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Assay, AssayError, audit, type PlanInput, type RunEvent } from "@assay/sdk";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { root } from "../paths.ts";
import { apiKey, ownerEmail, ServerProcess } from "../server-process.ts";
import { CuttingProxy } from "./cutting-proxy.ts";

const uploadLimit = 4_000_000;
// Every test starts programs or runs; on a busy machine each of them waits.
vi.setConfig({ testTimeout: 90_000 });

let server: ServerProcess;
let folder: string;
let assay: Assay;

const plan: PlanInput = {
  version: 1,
  project: "credit",
  data: { counts: "counts.csv" },
  columns: { label: "label", decision: "decision", protected: ["group"] },
  audits: { "fairness.group-metrics": { replicates: 500 } },
  rules: [{ metric: "selection-rate-difference", by: "group", at_most: 0.1 }],
};
const rowPlan: PlanInput = { ...plan, data: { file: "rows.csv" } };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "assay-sdk-"));
  writeFileSync(
    join(folder, "counts.csv"),
    "group,label,decision,count\na,1,1,450\na,0,1,150\na,1,0,100\na,0,0,300\nb,1,1,225\nb,0,1,75\nb,1,0,100\nb,0,0,600\n",
  );
  const lines = ["group,label,decision"];
  for (let row = 0; row < 60_000; row++) lines.push(`${"ab"[row % 2]},${row % 3 === 0 ? 1 : 0},${row % 5 < 2 ? 1 : 0}`);
  writeFileSync(join(folder, "rows.csv"), lines.join("\n"));
  server = await ServerProcess.start({ env: { ASSAY_UPLOAD_LIMIT: String(uploadLimit) } });
  assay = new Assay({ url: server.url, apiKey });
}, 120_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const proxies: CuttingProxy[] = [];
afterEach(async () => {
  for (const proxy of proxies.splice(0)) await proxy.close();
});
async function through(where: Parameters<typeof CuttingProxy.start>[1]): Promise<[Assay, CuttingProxy]> {
  const proxy = await CuttingProxy.start(server.url, where);
  proxies.push(proxy);
  return [new Assay({ url: proxy.url, apiKey }), proxy];
}

/** The AssayError that a promise rejects with; anything else fails the test. */
async function failure(promise: Promise<unknown>): Promise<AssayError> {
  const error: unknown = await promise.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (error instanceof AssayError) return error;
  throw new Error(`not an AssayError: ${String(error)}`);
}

async function eventsOf(events: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const all: RunEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** A run of the rows that takes its time: many steps, started over REST, which says how many. */
async function slowRun(shards: number): Promise<string> {
  const project = await assay.projects.ensure("credit");
  const dataset = await project.datasets.push(join(folder, "rows.csv"));
  const planYaml = JSON.stringify(rowPlan);
  return (await server.call("POST", "/projects/credit/runs", { dataset: dataset.id, plan: planYaml, shards })).id;
}

describe("the client", () => {
  it("creates a run, watches it live and reads its report; a report audited here is pushed beside it", async () => {
    const project = await assay.projects.ensure("credit");
    const run = await project.runs.create({ plan, folder });
    const events = await eventsOf(run.watch());
    expect(events.at(-1)).toMatchObject({ status: "completed", verdict: "fail" });
    const done = events.map((event) => event.progress.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));

    const report = await run.report();
    expect(report.gate.verdict).toBe("fail");
    expect(await run.html("zh-CN")).toMatch(/lang="zh-CN"/);
    expect(await run.markdown()).toContain("Selection rates differ by group");
    expect(await run.csv()).toMatch(/selection-rate-difference/);

    const local = await audit(plan, { folder });
    expect(local.digest).toBe(report.digest);
    const pushed = await project.reports.push(local);
    expect(pushed.row).toMatchObject({ origin: "pushed", dataset: null, verdict: "fail" });
    expect((await project.reports.push(local)).id).toBe(pushed.id);
    expect((await (await assay.run(pushed.id)).report()).digest).toBe(local.digest);

    const comparison = await pushed.compare(run);
    expect(comparison).toMatchObject({ verdict: "same", a: { report: report.digest }, b: { report: local.digest } });
    expect(comparison.measures.length).toBeGreaterThan(0);
    expect((await failure(pushed.compare("none"))).code).toBe("not-found");
  });

  it("finds projects, datasets and runs again", async () => {
    expect((await assay.me()).user.email).toBe(ownerEmail);
    const project = await assay.projects.get("credit");
    expect((await assay.projects.list()).map((one) => one.slug)).toContain("credit");
    expect((await project.datasets.list()).map((one) => one.fileName)).toContain("counts.csv");
    const { items } = await project.runs.list({ pageSize: 1 });
    expect((await project.runs.get(items[0]?.id ?? "")).row.project.slug).toBe("credit");
  });

  it("makes one run of two creates with the same key", async () => {
    const project = await assay.projects.ensure("credit");
    const first = await project.runs.create({ plan, folder, idempotencyKey: "nightly-1" });
    const second = await project.runs.create({ plan, folder, idempotencyKey: "nightly-1" });
    expect(second.id).toBe(first.id);
    expect((await project.runs.create({ plan, folder })).id).not.toBe(first.id);
  });

  it("makes one run where the answer to a create was lost", async () => {
    const [flaky, proxy] = await through(
      ({ sent, received }) => sent.includes("runs.create") && /"origin"/.test(received),
    );
    const project = await flaky.projects.ensure("Lost answers");
    const run = await project.runs.create({ plan, folder });
    expect(proxy.cuts).toBe(1);
    const { items } = await server.call("GET", "/projects/lost-answers/runs");
    expect(items.map((one: { id: string }) => one.id)).toEqual([run.id]);
  });
});

describe("watching", () => {
  it("goes on where it stopped after the connection was cut", async () => {
    const id = await slowRun(80);
    const [flaky, proxy] = await through(({ received }) => received.split('data: {"status":"running"').length > 2);
    const events = await eventsOf((await flaky.run(id)).watch());
    expect(proxy.cuts).toBe(1);
    expect(events.filter((event) => event.status === "running").length).toBeGreaterThan(1);
    expect(events.at(-1)).toMatchObject({ status: "completed", progress: { done: 80, total: 80 } });
    expect(events.filter((event) => event.status === "completed")).toHaveLength(1);
    const done = events.map((event) => event.progress.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    const streams = proxy.connections.flatMap(({ sent }) => sent.match(/GET \/trpc\/runs\.watch\S*/g) ?? []);
    expect(streams).toHaveLength(2);
    expect(decodeURIComponent(streams[1] ?? "")).toMatch(/"lastEventId":"\d+"/);
  });

  it("ends with unreachable where the server stays away, and with cancelled where it is told to stop", async () => {
    const id = await slowRun(900);
    const proxy = await CuttingProxy.start(server.url, () => false);
    const away = new Assay({ url: proxy.url, apiKey, timeoutMs: 500 });
    const watched = (await away.run(id)).watch();
    expect((await watched.next()).done).toBe(false);
    await proxy.close();
    expect((await failure(eventsOf(watched))).code).toBe("unreachable");

    const stop = new AbortController();
    const stopped = (await assay.run(id)).watch({ signal: stop.signal });
    expect((await stopped.next()).done).toBe(false);
    stop.abort();
    expect((await failure(eventsOf(stopped))).code).toBe("cancelled");
    await (await assay.run(id)).cancel();
    expect(await eventsOf((await assay.run(id)).watch())).toMatchObject([{ status: "cancelled" }]);
  });
});

describe("an upload", () => {
  it("goes on where it stopped after the connection was cut, and arrives whole", async () => {
    const bytes = Buffer.from(
      `id,label\n${Array.from({ length: 150_000 }, (_, row) => `${row},${row % 2}`).join("\n")}\n`,
    );
    writeFileSync(join(folder, "large.csv"), bytes);
    const [flaky, proxy] = await through(({ sent }) => sent.includes("PATCH /api/v1/uploads") && sent.length > 500_000);
    const fractions: number[] = [];
    const dataset = await (await flaky.projects.ensure("credit")).datasets.push(join(folder, "large.csv"), {
      onProgress: (fraction) => fractions.push(fraction),
    });
    expect(proxy.cuts).toBe(1);
    expect(proxy.connections.some(({ sent }) => sent.includes("HEAD /api/v1/uploads"))).toBe(true);
    expect(dataset).toMatchObject({ rows: 150_000, sizeBytes: bytes.byteLength });
    expect(dataset.digest).toBe(`sha256:${createHash("sha256").update(bytes).digest("hex")}`);
    expect(fractions.at(-1)).toBe(1);
  });

  it("of the same bytes is the same dataset", async () => {
    const project = await assay.projects.ensure("credit");
    const first = await project.datasets.push(join(folder, "rows.csv"));
    expect((await project.datasets.push(join(folder, "rows.csv"))).id).toBe(first.id);
  });
});

const hasCurl = ["curl", "jq"].every((program) => spawnSync(program, ["--version"]).status === 0);

describe("docs/sdk.md", () => {
  it.skipIf(!hasCurl)("shows curl commands that run a plan and fetch its report", async () => {
    const page = readFileSync(join(root, "docs/sdk.md"), "utf8");
    const script = page.match(/^```sh\n([\s\S]*?)^```$/m)?.[1]?.replace("http://localhost:3000", server.url) ?? "";
    expect(script).toContain(server.url);
    writeFileSync(join(folder, "audit.yaml"), JSON.stringify(plan));
    await promisify(execFile)("bash", ["-euo", "pipefail", "-c", script], {
      cwd: folder,
      env: { ...process.env, ASSAY_API_KEY: apiKey },
    });
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("Selection rates differ by group");
  });
});

describe("a failure is an AssayError with a code:", () => {
  it("no address, no key, no http", () => {
    const codeOf = (make: () => unknown): string => {
      try {
        make();
      } catch (error) {
        if (error instanceof AssayError) return error.code;
      }
      return "";
    };
    expect(codeOf(() => new Assay({ apiKey }))).toBe("usage");
    expect(codeOf(() => new Assay({ url: server.url }))).toBe("unauthorized");
    expect(codeOf(() => new Assay({ url: "localhost:3000", apiKey }))).toBe("usage");
  });

  it("a wrong key, on calls, uploads, downloads and watching alike", async () => {
    const stranger = new Assay({ url: server.url, apiKey: "assay_not_a_key_of_this_server_1" });
    expect(await failure(stranger.me())).toMatchObject({ code: "unauthorized", http: 401 });
    expect((await failure(stranger.projects.ensure("credit"))).code).toBe("unauthorized");
    const created = await (await assay.projects.ensure("credit")).runs.create({ plan, folder });
    const { key, id } = await server.call("POST", "/keys", { name: "short-lived" });
    const guest = await new Assay({ url: server.url, apiKey: key }).run(created.id);
    const project = await new Assay({ url: server.url, apiKey: key }).projects.get("credit");
    await server.call("DELETE", `/keys/${id}`);
    expect((await failure(guest.html())).code).toBe("unauthorized");
    expect((await failure(eventsOf(guest.watch()))).code).toBe("unauthorized");
    expect((await failure(project.datasets.push(join(folder, "rows.csv")))).code).toBe("unauthorized");
  });

  it("what is not there", async () => {
    const project = await assay.projects.get("credit");
    expect((await failure(assay.run("none"))).code).toBe("not-found");
    expect((await failure(assay.projects.get("none"))).code).toBe("not-found");
    expect((await failure(project.datasets.push(join(folder, "none.csv")))).code).toBe("not-found");
    expect((await failure(audit("none.yaml", { folder }))).code).toBe("not-found");
    const id = await slowRun(900);
    const run = await assay.run(id);
    expect((await failure(run.report())).code).toBe("not-found");
    expect((await failure(run.csv())).code).toBe("not-found");
    await run.cancel();
  });

  it("a plan that cannot run, here and there with the same problems", async () => {
    const bad: PlanInput = { ...plan, columns: { label: "lable", decision: "decision", protected: ["grup"] } };
    const project = await assay.projects.get("credit");
    const there = await failure(project.runs.create({ plan: bad, folder }));
    const here = await failure(audit(bad, { folder }));
    expect(there.code).toBe("plan-invalid");
    expect(there.problems.map((problem) => problem.at)).toEqual(["columns.label", "columns.protected[0]"]);
    expect(here.problems).toEqual(there.problems);
    const shapeless = { ...plan, rules: [{ metric: "accuracy" }] } satisfies PlanInput;
    expect(await failure(audit(shapeless, { folder }))).toMatchObject({
      code: "plan-invalid",
      problems: [{ at: "rules[0]", message: "give exactly one of at_least and at_most" }],
    });
  });

  it("data that cannot be read, and too much of it", async () => {
    const project = await assay.projects.get("credit");
    mkdirSync(join(folder, "folder.csv"));
    expect((await failure(project.datasets.push(join(folder, "folder.csv")))).code).toBe("data-invalid");
    writeFileSync(join(folder, "ragged.csv"), "a,b\n1\n");
    expect((await failure(project.datasets.push(join(folder, "ragged.csv")))).code).toBe("data-invalid");
    writeFileSync(join(folder, "huge.csv"), "a,b\n".repeat(uploadLimit / 4 + 1));
    expect((await failure(project.datasets.push(join(folder, "huge.csv")))).code).toBe("data-too-large");
  });

  it("a report that was changed after it was sealed", async () => {
    const project = await assay.projects.get("credit");
    const report = await audit(plan, { folder });
    const changed = { ...report, gate: { ...report.gate, verdict: "pass" as const } };
    expect(await failure(project.reports.push(changed))).toMatchObject({
      code: "digest-mismatch",
      problems: [{ at: "gate" }],
    });
  });

  it("no server, one that is not Assay's, one that says nothing, and a call given up", async () => {
    const nobody = new Assay({ url: "http://127.0.0.1:9", apiKey });
    expect((await failure(nobody.me())).code).toBe("unreachable");
    const other = createServer((request, response) => {
      if (request.url?.includes("me.get")) response.end("<p>Hello</p>");
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    try {
      const stranger = await failure(new Assay({ url, apiKey }).me());
      expect(stranger.code).toBe("unreachable");
      expect(stranger.message).toMatch(/did not answer as Assay does/);
      expect((await failure(new Assay({ url, apiKey, timeoutMs: 100 }).projects.list())).code).toBe("timeout");
      const stop = new AbortController();
      const call = failure(new Assay({ url, apiKey, signal: stop.signal }).projects.list());
      setTimeout(() => stop.abort(), 50);
      expect((await call).code).toBe("cancelled");
      const stopped = failure(audit(plan, { folder, signal: AbortSignal.abort() }));
      expect((await stopped).code).toBe("cancelled");
    } finally {
      other.closeAllConnections();
      other.close();
    }
  });
});
