import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Answer, apiKey, ServerProcess } from "../server-process.ts";

// Runs wait for a worker process; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start({ env: { ASSAY_UPLOAD_LIMIT: "2MB" } });
  await server.call("POST", "/projects", { name: "Credit" });
}, 120_000);
afterAll(async () => {
  await server.stop();
});

const counts = `race,label,decision,count
Black,0,0,990
Black,0,1,805
Black,1,0,532
Black,1,1,1369
white,0,0,1139
white,0,1,349
white,1,0,461
white,1,1,505
`;
const plan = `version: 1
project: compas
data: { counts: counts.csv }
columns:
  label: label
  positive: 1
  decision: decision
  protected: [race]
audits:
  fairness.group-metrics: {}
rules:
  - { metric: false-positive-rate-difference, by: race, at_most: 0.1 }
`;

/** Rows enough for a run to be seen running. */
function rows(count: number): string {
  const lines = ["id,group,label,decision"];
  for (let index = 0; index < count; index++) {
    lines.push(`${index},${index % 7 < 3 ? "a" : "b"},${index % 3 === 0 ? 1 : 0},${index % 5 < 2 ? 1 : 0}`);
  }
  return `${lines.join("\n")}\n`;
}
const rowPlan = plan.replace("counts: counts.csv", "file: rows.csv").replaceAll("race", "group");

describe("uploads", () => {
  it("go on where they stopped, and are kept under the digest of their bytes", async () => {
    const bytes = new TextEncoder().encode(counts);
    const location = await server.beginUpload(bytes.byteLength, { filename: "counts.csv" });
    expect((await server.sendPart(location, 0, bytes.subarray(0, 40))).status).toBe(204);
    expect(await server.offsetOf(location)).toBe(40);
    expect((await server.sendPart(location, 10, bytes.subarray(10))).status).toBe(409);
    expect((await server.sendPart(location, 40, bytes.subarray(40))).status).toBe(204);
    const dataset = await server.call("POST", "/projects/credit/datasets", {
      upload: location.split("/").at(-1),
      name: "resumed",
      counts: true,
    });
    expect(dataset.digest).toBe(`sha256:${createHash("sha256").update(bytes).digest("hex")}`);
    expect(dataset).toMatchObject({ fileName: "counts.csv", rows: 8, format: "csv", encoding: "utf-8", counts: true });
    expect(dataset.columns.map((column: Answer) => column.name)).toEqual(["race", "label", "decision", "count"]);
  });

  it("of the same bytes are the same dataset", async () => {
    const first = await server.dataset("credit", "counts.csv", counts, { counts: true });
    const second = await server.dataset("credit", "other-name.csv", counts, { counts: true });
    expect(second.id).toBe(first.id);
  });

  it("with another digest than told are refused with 422 and thrown away", async () => {
    const bytes = new TextEncoder().encode(counts);
    const digest = `sha256:${"0".repeat(64)}`;
    const location = await server.beginUpload(bytes.byteLength, { filename: "x.csv", digest });
    const response = await server.sendPart(location, 0, bytes);
    expect(response.status).toBe(422);
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(await response.json()).toMatchObject({ code: "digest-mismatch" });
    const made = await server.fetch("POST", "/projects/credit/datasets", {
      upload: location.split("/").at(-1),
      name: "x",
    });
    expect(made.status).toBe(404);
  });

  it("over the limit are refused with 413 before a byte is sent", async () => {
    const response = await server.createUpload(3_000_000, { filename: "big.csv" });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: "data-too-large" });
  });

  it("onto a full disk are refused with 507, and the upload is still there to go on", async () => {
    const location = await server.beginUpload(4, { filename: "full.csv" });
    const file = join(server.folder, "uploads", location.split("/").at(-1) ?? "");
    // Every write to this device fails as on a full disk.
    rmSync(file);
    symlinkSync("/dev/full", file);
    const response = await server.sendPart(location, 0, new TextEncoder().encode("a,b\n"));
    expect(response.status).toBe(507);
    expect(await response.json()).toMatchObject({ code: "disk-full" });
    rmSync(file);
  });

  it("need an account", async () => {
    const response = await fetch(`${server.url}/api/v1/uploads`, {
      method: "POST",
      headers: { "tus-resumable": "1.0.0", "upload-length": "5" },
    });
    expect(response.status).toBe(401);
  });

  it("that cannot be read tell file, line and cure", async () => {
    const upload = await server.upload("broken.csv", "a,b\n1,2\n3,4,5\n6,7\n");
    const response = await server.fetch("POST", "/projects/credit/datasets", { upload, name: "broken" });
    expect(response.status).toBe(422);
    const error = await response.json();
    expect(error).toMatchObject({ code: "data-invalid" });
    expect(error.message).toMatch(/broken\.csv/);
    expect(error.message).toMatch(/3/);
  });
});

describe("plans", () => {
  it("are guessed from a dataset and pass their own check", async () => {
    const dataset = await server.dataset("credit", "counts.csv", counts, { counts: true });
    const guess = await server.call("GET", `/datasets/${dataset.id}/plan`);
    expect(guess.plan.columns.protected).toEqual(["race"]);
    const check = await server.call("POST", `/datasets/${dataset.id}/plan/check`, { plan: guess.yaml });
    expect(check).toMatchObject({ ok: true, problems: [] });
    expect(check.audits.some((audit: Answer) => audit.runs)).toBe(true);
  });

  it("tell every problem together, the row filter's too", async () => {
    const dataset = await server.dataset("credit", "counts.csv", counts, { counts: true });
    const bad = plan
      .replace("[race]", "[rase]")
      .replace("counts: counts.csv", 'counts: counts.csv, where: "racee = 1"');
    const check = await server.call("POST", `/datasets/${dataset.id}/plan/check`, { plan: bad });
    expect(check.ok).toBe(false);
    const places = check.problems.map((problem: Answer) => problem.at);
    expect(places).toContain("columns.protected[0]");
    expect(places.some((at: string) => at.startsWith("data.where"))).toBe(true);
    const run = await server.fetch("POST", "/projects/credit/runs", { dataset: dataset.id, plan: bad });
    expect(run.status).toBe(422);
    expect((await run.json()).problems).toHaveLength(check.problems.length);
  });

  it("decide themselves what means missing, and with it a column's type", async () => {
    const dataset = await server.dataset("credit", "na.csv", "group,score\na,1\nb,NA\na,3\n");
    expect(dataset.columns[1]).toMatchObject({ name: "score", type: "text" });
    const yaml = (missing: string) => `version: 1
data: { file: na.csv, missing: [${missing}] }
columns: { decision: { column: score, at_least: 2 }, protected: [group] }
audits: { fairness.group-metrics: {} }
`;
    const check = (missing: string) =>
      server.call("POST", `/datasets/${dataset.id}/plan/check`, { plan: yaml(missing) });
    expect(await check('""')).toMatchObject({ ok: false });
    expect(await check('"NA"')).toMatchObject({ ok: true });
  });
});

describe("runs", () => {
  it("go from the data to a report that the command line would make too", async () => {
    const dataset = await server.dataset("credit", "counts.csv", counts, { counts: true });
    const made = await server.call("POST", "/projects/credit/runs", {
      dataset: dataset.id,
      plan,
      idempotencyKey: "once",
    });
    expect(made).toMatchObject({ origin: "server", title: "compas", dataset: { id: dataset.id } });
    const again = await server.call("POST", "/projects/credit/runs", {
      dataset: dataset.id,
      plan,
      idempotencyKey: "once",
    });
    expect(again.id).toBe(made.id);
    const run = await server.waitFor(made.id, ["completed", "failed"]);
    expect(run).toMatchObject({ status: "completed", verdict: "fail", error: null });
    expect(run.steps.done).toBe(run.steps.total);

    const report = await server.call("GET", `/runs/${made.id}/report`);
    expect(report.environment.host).toBe("server");
    // Lists of runs count what the page shows: the rule that fails is among the findings.
    const { countFindings } = await import("@assay/report");
    expect(run.counts).toEqual(countFindings(report));
    expect(run.counts.fail).toBeGreaterThan(0);
    expect(run.dataset).toMatchObject({ rows: 8, counts: true });
    const rate = report.audits[0].measures.find(
      (measure: Answer) => measure.metric === "false-positive-rate" && measure.group?.race === "Black",
    );
    // ProPublica's table: 805 false alarms of 1,795 people who did not reoffend.
    expect(rate.value).toBeCloseTo(805 / 1795, 12);
    expect(rate.n).toBe(1795);

    const { audit } = await import("@assay/sdk");
    const { writeFileSync } = await import("node:fs");
    const folder = join(server.folder, "local");
    mkdirSync(folder);
    writeFileSync(join(folder, "counts.csv"), counts);
    writeFileSync(join(folder, "audit.yaml"), plan);
    const local = await audit(join(folder, "audit.yaml"));
    expect(local.digest).toBe(report.digest);
  });

  it("are downloaded in every format and both languages, and with their plan", async () => {
    const { items } = await server.call("GET", "/projects/credit/runs?verdict=fail");
    const id = items[0].id;
    const text = async (path: string) => (await server.fetch("GET", `/runs/${id}/${path}`)).text();
    expect(JSON.parse(await text("report.json"))).toMatchObject({ format: "assay.report" });
    expect(await text("report.html?lang=zh-CN")).toMatch(/[一-龥]{4}/);
    expect(await text("report.md")).toContain("race");
    expect(await text("report.csv")).toMatch(/false-positive-rate/);
    expect(await text("audit.yaml")).toBe(plan);
    expect((await server.fetch("GET", `/runs/${id}/report.docx`)).status).toBe(404);
    expect((await server.fetch("GET", `/runs/${id}/report.html?lang=tlh`)).status).toBe(400);
    expect((await server.fetch("GET", `/runs/${id}/report.json`, undefined, null)).status).toBe(401);
  });

  it("are listed, filtered, searched and sorted", async () => {
    const list = (query: string) => server.call("GET", `/projects/credit/runs?${query}`);
    const all = await list("sort=oldest");
    expect(all.total).toBe(all.items.length);
    expect((await list("page=1&pageSize=1")).items).toHaveLength(1);
    expect((await list("search=compas")).total).toBe(all.total);
    expect((await list("search=nothing-like-it")).total).toBe(0);
    expect((await list("status=cancelled")).total).toBe(0);
    expect((await server.fetch("GET", "/projects/credit/runs?sort=sideways")).status).toBe(400);
  });

  it("are cancelled at once and make no report", async () => {
    const dataset = await server.dataset("credit", "rows.csv", rows(40_000));
    const made = await server.call("POST", "/projects/credit/runs", {
      dataset: dataset.id,
      plan: rowPlan,
      shards: 4000,
    });
    await server.waitFor(made.id, ["running"]);
    const began = Date.now();
    expect(await server.call("POST", `/runs/${made.id}/cancel`)).toMatchObject({ status: "cancelled" });
    expect(Date.now() - began).toBeLessThan(2000);
    expect((await server.fetch("GET", `/runs/${made.id}/report`)).status).toBe(404);
    // The worker is free again: the next run goes through, and the cancelled one stays cancelled.
    const next = await server.call("POST", `/runs/${made.id}/again`);
    expect(next.id).not.toBe(made.id);
    await server.call("POST", `/runs/${next.id}/cancel`);
    const small = await server.dataset("credit", "counts.csv", counts, { counts: true });
    const after = await server.call("POST", "/projects/credit/runs", { dataset: small.id, plan });
    expect(await server.waitFor(after.id, ["completed", "failed"])).toMatchObject({ status: "completed" });
    expect(await server.call("GET", `/runs/${made.id}`)).toMatchObject({ status: "cancelled" });
  });

  it("fail with the reason where the stored data is gone", async () => {
    const dataset = await server.dataset("credit", "gone.csv", rows(300));
    const hex = dataset.digest.slice(7);
    rmSync(join(server.folder, "blobs/sha256", hex.slice(0, 2), hex.slice(2)));
    const made = await server.call("POST", "/projects/credit/runs", { dataset: dataset.id, plan: rowPlan });
    const run = await server.waitFor(made.id, ["completed", "failed"]);
    expect(run).toMatchObject({ status: "failed", error: { code: "not-found" } });
  });

  it("are removed with their report", async () => {
    const { items } = await server.call("GET", "/projects/credit/runs?status=completed");
    await server.call("DELETE", `/runs/${items[0].id}`);
    expect((await server.fetch("GET", `/runs/${items[0].id}`)).status).toBe(404);
  });
});

describe("watching", () => {
  it("tells progress to the end, and whoever comes back misses nothing", async () => {
    const dataset = await server.dataset("credit", "rows.csv", rows(40_000));
    const made = await server.call("POST", "/projects/credit/runs", {
      dataset: dataset.id,
      plan: rowPlan,
      shards: 900,
    });
    const first = await watch(made.id, null, (events) => events.some((event) => event.data.status === "running"));
    const last = first.at(-1);
    expect(last?.data.status).toBe("running");
    // The connection is dropped here; the next one says what it saw last.
    const rest = await watch(made.id, last?.id ?? "", () => false);
    expect(rest.at(-1)?.data).toMatchObject({ status: "completed", verdict: "pass" });
    const ids = [...first, ...rest].map((event) => Number(event.id));
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    const done = [...first, ...rest].map((event) => event.data.progress.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    // Long after the end: the final state, once, and no more.
    const late = await watch(made.id, rest.at(-1)?.id ?? "", () => false);
    expect(late.map((event) => event.data.status)).toEqual(["completed"]);
  });

  async function watch(
    id: string,
    lastEventId: string | null,
    enough: (events: { id: string; data: Answer }[]) => boolean,
  ): Promise<{ id: string; data: Answer }[]> {
    const input = encodeURIComponent(JSON.stringify({ id }));
    const response = await fetch(`${server.url}/trpc/runs.watch?input=${input}`, {
      headers: {
        authorization: `Bearer ${apiKey}`,
        accept: "text/event-stream",
        ...(lastEventId === null ? {} : { "last-event-id": lastEventId }),
      },
    });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const events: { id: string; data: Answer }[] = [];
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        const eventId = block.match(/^id: (.*)$/m)?.[1];
        const data = block.match(/^data: (.*)$/m)?.[1];
        if (eventId !== undefined && data !== undefined) events.push({ id: eventId, data: JSON.parse(data) });
      }
      // Leaving the loop drops the connection.
      if (enough(events)) break;
    }
    return events;
  }
});

describe("pushed reports", () => {
  it("are kept as pushed, and refused where a number was changed after sealing", async () => {
    const { items } = await server.call("GET", "/projects/credit/runs?status=completed");
    const text = await (await server.fetch("GET", `/runs/${items[0].id}/report.json`)).text();
    const report = JSON.parse(text);
    const pushed = await server.call("POST", "/projects/credit/reports", { report, idempotencyKey: "push-1" });
    expect(pushed).toMatchObject({
      origin: "pushed",
      status: "completed",
      dataset: null,
      verdict: report.gate.verdict,
    });
    const twice = await server.call("POST", "/projects/credit/reports", { report, idempotencyKey: "push-1" });
    expect(twice.id).toBe(pushed.id);
    expect(pushed.counts).toEqual(items[0].counts);
    expect(await server.call("GET", `/runs/${pushed.id}/report`)).toEqual(report);
    expect((await server.fetch("POST", `/runs/${pushed.id}/again`)).status).toBe(409);

    report.audits[0].measures[0].value += 0.01;
    const refused = await server.fetch("POST", "/projects/credit/reports", { report });
    expect(refused.status).toBe(422);
    const error = await refused.json();
    expect(error.code).toBe("digest-mismatch");
    expect(error.problems.map((problem: Answer) => problem.at)).toContain(`audits.${report.audits[0].id}`);
    expect((await server.fetch("POST", "/projects/credit/reports", { report: { format: "x" } })).status).toBe(422);
  });
});

describe("the API", () => {
  it("describes itself as OpenAPI 3.1, and answers every path it describes", async () => {
    const document = await (await server.fetch("GET", "/openapi.json", undefined, null)).json();
    expect(document.openapi).toMatch(/^3\.1/);
    for (const [path, methods] of Object.entries<Record<string, unknown>>(document.paths)) {
      for (const method of Object.keys(methods)) {
        const response = await server.fetch(method.toUpperCase(), path.replace(/\{\w+\}/g, "none"), undefined, null);
        const open = path === "/system" || path === "/setup";
        expect([method, path, response.status]).toEqual([method, path, open ? expect.any(Number) : 401]);
      }
    }
  });

  it("lists audits with a form for each setting, and policies", async () => {
    const audits = await server.call("GET", "/audits");
    const group = audits.find((audit: Answer) => audit.id === "fairness.group-metrics");
    expect(group).toMatchObject({ pillar: "fairness", input: { type: "object" } });
    expect(Object.keys(group.defaults).sort()).toEqual(Object.keys(group.input.properties).sort());
    expect(Object.keys(group.text["zh-CN"].settings).sort()).toEqual(Object.keys(group.defaults).sort());
    const policies = await server.call("GET", "/policies");
    expect(policies.map((policy: Answer) => policy.id)).toContain("eeoc-four-fifths");
  });

  it("tells unknown things plainly", async () => {
    const response = await server.fetch("GET", "/runs/none");
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      code: "not-found",
      message: expect.stringContaining("none"),
      problems: [],
    });
    expect((await server.fetch("GET", "/nothing-here")).status).toBe(404);
    expect((await server.fetch("POST", "/projects", { name: "Credit" })).status).toBe(409);
    expect(await server.call("PUT", "/projects", { name: "Credit" })).toMatchObject({ slug: "credit" });
  });

  it("says that it is well, ready, and how busy", async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${server.url}/readyz`)).json()).toMatchObject({ status: "ready" });
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/assay_runs_unfinished\{status="queued"\} 0/);
    expect(metrics).toMatch(/assay_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/runs\/:id"/);
  });

  it("leaves no half-taken files in storage", () => {
    expect(readdirSync(join(server.folder, "blobs/new"))).toEqual([]);
  });
});
