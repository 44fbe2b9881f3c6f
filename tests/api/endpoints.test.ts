// biome-ignore-all lint/suspicious/noTemplateCurlyInString: headers name variables so

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { audit } from "@assay/sdk";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { assay } from "../cli/assay.ts";
import { type Answer as Answering, type EndpointServer, send, startEndpoint } from "../endpoint-server.ts";
import { type Answer, apiKey, ServerProcess } from "../server-process.ts";

// Runs wait for a worker process; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 300_000 });

const secret = "hush-7Qxk-of-the-server";
let endpoint: EndpointServer;
let server: ServerProcess;
let folder: string;

const good: Answering = ({ rows }, response) =>
  send(response, 200, {
    predictions: rows.map(({ age, town }) => Math.min(1, Number(age) / 80 + (town === "Oslo" ? 0.1 : 0))),
  });

function people(rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const draw = Math.imul(row + 1, 2654435761) >>> 0;
    return `${18 + (draw % 60)},${["Bern", "Oslo", ""][(draw >>> 6) % 3]},${(draw >>> 9) % 2 ? "f" : "m"},${(draw >>> 12) % 2}`;
  });
  return `age,town,sex,paid\n${lines.join("\n")}\n`;
}

const planOf = (url: string, header = "Bearer ${ASSAY_ENDPOINT_KEY}", more = "") => `version: 1
project: credit
data: { file: people.csv }
columns: { label: paid, protected: [sex], features: [age, town] }
model:
  endpoint:
    url: ${url}
    headers: { authorization: "${header}" }
    retries: 0
    ${more}
audits: { fairness.group-metrics: { replicates: 200 } }
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-api-endpoints-"));
  endpoint = await startEndpoint(good);
  await writeFile(join(folder, "key"), `${secret}\n`);
  server = await ServerProcess.start({
    env: { ASSAY_ENDPOINTS: new URL(endpoint.url).origin, ASSAY_ENDPOINT_KEY_FILE: join(folder, "key") },
  });
  await server.call("POST", "/projects", { name: "Credit" });
}, 300_000);
afterAll(async () => {
  await server.stop();
  await endpoint.close();
  await rm(folder, { recursive: true, force: true });
});

it("a server whose operator names the place gives the report that the same plan gives on this machine", async () => {
  const text = people(230);
  const dataset = await server.dataset("credit", "people.csv", text);
  const plan = planOf(endpoint.url);
  const check = await server.call("POST", `/datasets/${dataset.id}/plan/check`, { plan });
  expect(check).toMatchObject({ ok: true, problems: [] });
  expect(endpoint.asked).toHaveLength(0);
  const made = await server.call("POST", "/projects/credit/runs", { dataset: dataset.id, plan });
  expect(made.model).toBeNull();
  expect(await server.waitFor(made.id, ["completed", "failed"])).toMatchObject({ status: "completed", error: null });
  expect(endpoint.asked.map(({ rows }) => rows.length)).toEqual([100, 100, 30]);
  expect(endpoint.asked[0]?.headers.authorization).toBe(`Bearer ${secret}`);
  const report = await server.call("GET", `/runs/${made.id}/report`);
  expect(report.environment.modelRuntime).toBe("endpoint");
  expect(report.model).toMatchObject({ format: "endpoint", file: endpoint.url });

  await writeFile(join(folder, "people.csv"), text);
  await writeFile(join(folder, "audit.yaml"), plan);
  const local = await audit("audit.yaml", { folder, environment: { ASSAY_ENDPOINT_KEY: "another" } });
  expect(local.digest).toBe(report.digest);

  const again = await server.call("POST", `/runs/${made.id}/again`);
  expect(await server.waitFor(again.id, ["completed", "failed"])).toMatchObject({ status: "completed" });
  expect((await server.call("GET", `/runs/${again.id}/report`)).digest).toBe(report.digest);
});

it("`assay submit` sends the data alone, and the server asks", async () => {
  endpoint.asked.length = 0;
  await writeFile(join(folder, "people.csv"), people(60));
  await writeFile(join(folder, "audit.yaml"), planOf(endpoint.url));
  const models = await server.call("GET", "/projects/credit/models");
  const ran = await assay(["submit", "audit.yaml", "--wait", "--project", "Credit"], {
    cwd: folder,
    env: { ASSAY_URL: server.url, ASSAY_API_KEY: apiKey },
  });
  expect(ran).toMatchObject({ code: 0 });
  expect(endpoint.asked.flatMap(({ rows }) => rows)).toHaveLength(60);
  expect(endpoint.asked[0]?.headers.authorization).toBe(`Bearer ${secret}`);
  expect(await server.call("GET", "/projects/credit/models")).toEqual(models);
});

it("plans may ask no other place and send no other variable, and are told so before any work", async () => {
  endpoint.asked.length = 0;
  const dataset = await server.dataset("credit", "people.csv", people(50));
  const { port } = new URL(endpoint.url);
  const elsewhere = `http://localhost:${port}/credit/predict`;
  const plan = planOf(elsewhere, "${DATABASE_URL} ${ASSAY_ENDPOINT_OTHER}");
  const check = await server.call("POST", `/datasets/${dataset.id}/plan/check`, { plan });
  const origin = new URL(endpoint.url).origin;
  expect(check.problems.map(({ at, message }: Answer) => `${at}: ${message}`)).toEqual([
    `model.endpoint.url: this server does not ask http://localhost:${port} (it allows ${origin}); its operator allows it with the setting ASSAY_ENDPOINTS=${origin},http://localhost:${port}`,
    expect.stringMatching(
      /^model\.endpoint\.headers\.authorization: .* begin with ASSAY_ENDPOINT_ alone, not DATABASE_URL/,
    ),
    expect.stringMatching(/^model\.endpoint\.headers\.authorization: the server has no variable ASSAY_ENDPOINT_OTHER/),
  ]);
  const refused = await server.fetch("POST", "/projects/credit/runs", { dataset: dataset.id, plan });
  expect([refused.status, (await refused.json()).code]).toEqual([422, "plan-invalid"]);
  const literal = await server.call("POST", `/datasets/${dataset.id}/plan/check`, {
    plan: planOf(endpoint.url, `Bearer ${secret}`),
  });
  expect(literal.problems[0].message).toMatch(/looks like a secret/);
  expect(JSON.stringify(literal)).not.toContain(secret);
  expect(endpoint.asked).toHaveLength(0);
});

it("only those who signed in are told which places may be asked", async () => {
  expect((await server.call("GET", "/system")).endpoints).toEqual([new URL(endpoint.url).origin]);
  expect((await server.call("GET", "/system", undefined, null)).endpoints).toEqual([]);
});

it("a run whose endpoint fails has failed, says why, and has no report", async () => {
  endpoint.answer = (_, response, count) => send(response, 400, `what is ${secret} (${count})`);
  const dataset = await server.dataset("credit", "people.csv", people(50));
  const made = await server.call("POST", "/projects/credit/runs", { dataset: dataset.id, plan: planOf(endpoint.url) });
  const events = await fetch(
    `${server.url}/trpc/runs.watch?input=${encodeURIComponent(JSON.stringify({ id: made.id }))}`,
    {
      headers: { authorization: `Bearer ${apiKey}`, accept: "text/event-stream" },
    },
  );
  const stream = readEvents(events);
  const run = await server.waitFor(made.id, ["completed", "failed"]);
  expect(run.status).toBe("failed");
  expect(run.error, server.output).toMatchObject({
    code: "model-invalid",
    message: expect.stringContaining(
      `${endpoint.url}, rows 1 to 50 of 50: answers 400: what is \${ASSAY_ENDPOINT_KEY} (`,
    ),
  });
  expect((await server.fetch("GET", `/runs/${made.id}/report`)).ok).toBe(false);
  expect(JSON.stringify(run)).not.toContain(secret);
  expect(await stream).toContain("failed");
  expect(await stream).not.toContain(secret);
  endpoint.answer = good;
});

it("a run is cancelled while its endpoint does not answer", async () => {
  endpoint.answer = () => {};
  endpoint.asked.length = 0;
  const dataset = await server.dataset("credit", "people.csv", people(50));
  const plan = planOf(endpoint.url, undefined, "timeout_seconds: 300");
  const made = await server.call("POST", "/projects/credit/runs", { dataset: dataset.id, plan });
  await vi.waitFor(() => expect(endpoint.asked.length).toBe(1), { timeout: 120_000, interval: 100 });
  await vi.waitFor(
    async () => expect((await server.call("GET", `/runs/${made.id}`)).progress).toMatchObject({ stage: "predicting" }),
    { timeout: 120_000, interval: 200 },
  );
  await server.call("POST", `/runs/${made.id}/cancel`);
  expect(await server.waitFor(made.id, ["cancelled", "failed", "completed"])).toMatchObject({ status: "cancelled" });
  endpoint.answer = good;
});

it("the secret stands in no file of the server: database, reports, logs", async () => {
  await server.stop({ keep: true });
  const kept = { found: 0, plans: 0 };
  for (const entry of await readdir(server.folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    if (bytes.includes(secret)) kept.found++;
    if (bytes.includes("ASSAY_ENDPOINT_KEY")) kept.plans++;
  }
  expect(kept.found).toBe(0);
  // The plan, which names the variable, is found in the same way.
  expect(kept.plans).toBeGreaterThan(0);
  expect(server.output).not.toContain(secret);
});

it("a server without the setting asks nobody", async () => {
  endpoint.asked.length = 0;
  const closed = await ServerProcess.start({ folder: server.folder, env: { ASSAY_ENDPOINT_KEY: secret } });
  try {
    const dataset = await closed.dataset("credit", "people.csv", people(50));
    const plan = planOf(endpoint.url);
    const check = await closed.call("POST", `/datasets/${dataset.id}/plan/check`, { plan });
    const { origin } = new URL(endpoint.url);
    expect(check.problems).toEqual([
      {
        at: "model.endpoint.url",
        line: expect.any(Number),
        message: `this server does not ask ${origin}; its operator allows it with the setting ASSAY_ENDPOINTS=${origin}`,
      },
    ]);
    expect((await closed.fetch("POST", "/projects/credit/runs", { dataset: dataset.id, plan })).status).toBe(422);
    expect(endpoint.asked).toHaveLength(0);
  } finally {
    await closed.stop();
  }
});

/** All that a stream of events says until it ends, or says that the run has ended. */
async function readEvents(response: Response): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const piece of response.body ?? []) {
    text += decoder.decode(piece, { stream: true });
    if (/"status":"(failed|completed|cancelled)"/.test(text)) break;
  }
  return text;
}
