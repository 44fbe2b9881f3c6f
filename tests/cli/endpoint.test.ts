import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Report } from "@assay/schema";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Answer, type Asked, type EndpointServer, send, startEndpoint } from "../endpoint-server.ts";
import { assay, assayProcess, type Ran } from "./assay.ts";

// Every test starts programs, and on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

const secret = 'hush-7Q"xk+/=';
const env = { MODEL_KEY: secret };
const rows = 130;

let folder: string;
let endpoint: EndpointServer;

/** A logistic curve of age; towns count a little, an unknown one not. */
const scoreOf = (row: Readonly<Record<string, unknown>>): number =>
  1 / (1 + Math.exp(-(Number(row.age) - 40) / 8 - (row.town === "Oslo" ? 0.5 : 0)));
const good: Answer = ({ rows: given }, response) => send(response, 200, { predictions: given.map(scoreOf) });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "assay-endpoint-"));
  const towns = ["Bern", "Oslo", ""];
  const lines = Array.from({ length: rows }, (_, row) => {
    const age = 20 + ((row * 7) % 45);
    return `${age},${towns[row % 3]},${row % 2 === 0 ? "f" : "m"},${(age + (row % 11)) % 61 > 38 ? 1 : 0}`;
  });
  writeFileSync(join(folder, "people.csv"), `age,town,sex,paid\n${lines.join("\n")}\n`);
  endpoint = await startEndpoint(good);
});
afterAll(async () => {
  await endpoint.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  endpoint.asked.length = 0;
  endpoint.answer = good;
});

interface Change {
  readonly url?: string;
  readonly settings?: string;
  readonly audits?: string;
  readonly batch?: number;
}

function writePlan({ url = endpoint.url, settings = "", audits, batch = 50 }: Change = {}): void {
  writeFileSync(
    join(folder, "audit.yaml"),
    `version: 1
data: { file: people.csv }
columns: { label: paid, protected: [sex], features: [age, town] }
model:
  endpoint:
    url: ${url}
    headers: { x-api-key: "\${MODEL_KEY}" }
    batch: ${batch}
    ${settings.replaceAll("\n", "\n    ")}
audits: ${audits ?? "{ fairness.group-metrics: { replicates: 200 } }"}
`,
  );
}

const run = (change: Change = {}, out = "out", options: Partial<Parameters<typeof assay>[1]> = {}): Promise<Ran> => {
  writePlan(change);
  return assay(["run", "audit.yaml", "--out", out], { cwd: folder, env, ...options });
};
const report = (out = "out"): Report =>
  Report.parse(JSON.parse(readFileSync(join(folder, out, "report.json"), "utf8")));
/** Not even the part of it that no writing changes. */
const hidden = (text: string): void => expect(text).not.toContain("hush-7Q");

describe("a plan with an endpoint", () => {
  it("is run by asking it about each row once, and says so before it does", async () => {
    const { code, stderr } = await run();
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `assay: ${endpoint.url} is asked about 130 rows in 3 requests\n`,
    });
    expect(endpoint.asked.map(({ rows: given }) => given.length)).toEqual([50, 50, 30]);
    expect(endpoint.asked.map(({ headers }) => headers["x-api-key"])).toEqual([secret, secret, secret]);
    expect(endpoint.asked[0]?.rows.slice(0, 3)).toEqual([
      { age: 20, town: "Bern" },
      { age: 27, town: "Oslo" },
      { age: 34, town: null },
    ]);
    const { model, environment, audits } = report();
    expect(model).toMatchObject({ format: "endpoint", file: endpoint.url, parameters: null, structure: "other" });
    expect(model?.inputs).toEqual([
      { name: "age", kind: "number" },
      { name: "town", kind: "category" },
    ]);
    expect(environment.modelRuntime).toBe("endpoint");
    expect(audits.map(({ status }) => status)).toEqual(["completed"]);
  });

  it("has the same digest when it is run again, and is verified by asking again", async () => {
    await run({}, "first");
    await run({ settings: "concurrent: 3" }, "other");
    writePlan();
    const again = await assay(["run", "audit.yaml", "--out", "second", "--threads", "2", "--shards", "3"], {
      cwd: folder,
      env,
    });
    expect(again.code).toBe(0);
    expect(report("second").digest).toBe(report("first").digest);
    expect(report("other").audits).toEqual(report("first").audits);
    const verified = await assay(["verify", "first/report.json", "--plan", "audit.yaml"], { cwd: folder, env });
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining("Every number was recomputed") });
    endpoint.answer = ({ rows: given }, response) =>
      send(response, 200, { predictions: given.map((row) => scoreOf(row) ** 2) });
    const changed = await assay(["verify", "first/report.json", "--plan", "audit.yaml"], { cwd: folder, env });
    expect(changed.code).toBe(1);
    expect(changed.stdout).toMatch(/fairness\.group-metrics: .* there, .* here/);
    expect(changed.stderr).toMatch(/credit\/predict was asked again; what answers there may have changed/);
  });

  it("keeps the secret out of all that is written and said", async () => {
    rmSync(join(folder, "out"), { recursive: true, force: true });
    writePlan();
    const ran = await assay(["run", "audit.yaml", "--out", "out", "--format", "html,md,csv"], { cwd: folder, env });
    expect(ran.code).toBe(0);
    hidden(ran.stdout + ran.stderr);
    const written = readdirSync(join(folder, "out"));
    expect(written).toContain("report.html");
    for (const name of written) hidden(readFileSync(join(folder, "out", name), "utf8"));
    expect(report().plan.model?.endpoint?.headers).toEqual({ "x-api-key": `\${MODEL_KEY}` });
    // The same plan with another secret is the same plan.
    const { digest } = report();
    await run({}, "out", { env: { MODEL_KEY: "another" } });
    expect(report().digest).toBe(digest);
  });

  it("leaves out by default what asks again for every shuffle, with the reason, and runs it where it is named", async () => {
    writePlan();
    writeFileSync(
      join(folder, "all.yaml"),
      readFileSync(join(folder, "audit.yaml"), "utf8").replace(/^audits:.*\n/m, ""),
    );
    const all = await assay(["run", "all.yaml", "--out", "all"], { cwd: folder, env });
    expect(all.code).toBe(0);
    expect(all.stdout).toContain(
      "permutation-importance skipped: would ask the endpoint about every row 20 times more",
    );
    expect(endpoint.asked.flatMap(({ rows: given }) => given)).toHaveLength(rows);
    for (const audit of report("all").audits.filter(({ status }) => status === "skipped")) {
      expect(audit.reason?.["zh-CN"]).not.toBe(audit.reason?.en);
    }

    endpoint.asked.length = 0;
    const named = await run({
      audits: "{ fairness.group-metrics: { replicates: 200 }, explainability.permutation-importance: { repeats: 3 } }",
    });
    expect(named.code).toBe(0);
    expect(named.stderr).toBe(
      `assay: ${endpoint.url} is asked about 130 rows in 3 requests\nassay: explainability.permutation-importance asks it about 780 rows in 18 requests more, at most\n`,
    );
    // Two features, three shuffles of each, and the rows as they stand once.
    expect(endpoint.asked.flatMap(({ rows: given }) => given)).toHaveLength(rows * (1 + 2 * 3));
  });
});

describe("a failing endpoint ends the run with 2, a sentence, and no report", () => {
  const range = /rows 51 to 100 of 130/;
  const second =
    (bad: (response: ServerResponse, asked: Asked) => void): Answer =>
    (asked, response, count) =>
      count === 2 ? bad(response, asked) : good(asked, response, count);

  it.each<[string, string, Answer, RegExp[]]>([
    [
      "answers 500 for ever",
      "retries: 1",
      (_, response) => send(response, 500, { error: "boom" }),
      [/rows 1 to 50 of 130/, /answers 500: \{"error":"boom"\}, asked 2 times; its own log/],
    ],
    [
      "answers too few rows",
      "",
      second((response) => send(response, 200, { predictions: [0.5] })),
      [range, /answers 1 rows for 50 asked/],
    ],
    [
      "answers NaN",
      "",
      second((response) => send(response, 200, `{"predictions":[${Array(50).fill("NaN").join(",")}]}`)),
      [range, /no JSON.*has no NaN/],
    ],
    [
      "answers null for NaN",
      "",
      second((response) => send(response, 200, { predictions: Array(50).fill(null) })),
      [/row 51 has the score null/],
    ],
    [
      "answers no JSON",
      "",
      second((response) => send(response, 200, "<html>hello</html>")),
      [range, /the answer is no JSON: "<html>hello/],
    ],
    [
      "answers other scores in another batch",
      "",
      second((response, { rows: given }) => send(response, 200, { predictions: given.map(() => [0.5, 0.5]) })),
      [range, /its rows have 2 scores, other rows 1/],
    ],
    [
      "answers 401",
      "",
      (_, response) => send(response, 401, "who are you"),
      [/answers 401: who are you; check MODEL_KEY, which is in its headers/],
    ],
    ["answers 403", "", (_, response) => send(response, 403, ""), [/answers 403; check MODEL_KEY/]],
    [
      "answers 404",
      "",
      (_, response) => send(response, 404, ""),
      [/answers 404; check the path in model\.endpoint\.url/],
    ],
    [
      "answers 422",
      "",
      (_, response) => send(response, 422, { detail: "age?" }),
      [/answers 422: .*age.*; check that request and inputs/],
    ],
    [
      "asks to wait an hour",
      "",
      (_, response) => send(response, 429, "", { "retry-after": "3600" }),
      [/answers 429, asked once; it asks to wait 3600 s/],
    ],
    [
      "sends on elsewhere",
      "",
      (_, response) => send(response, 302, "", { location: "http://127.0.0.1:1/x" }),
      [/answers 302 and sends on to http:\/\/127\.0\.0\.1:1\/x, which is not followed/],
    ],
    [
      "does not answer in time",
      "timeout_seconds: 0.3\nretries: 1",
      () => {},
      [/no answer in 0\.3 s, asked 2 times; raise timeout_seconds/],
    ],
    [
      "cuts the connection",
      "retries: 0",
      (_, response) => response.destroy(),
      [/no connection \(.+\), asked once; is it running/],
    ],
  ])("%s", async (_, settings, answer, told) => {
    endpoint.answer = answer;
    const ran = await run({ settings }, "failed");
    expect(ran.code).toBe(2);
    expect(ran.stdout).toBe("");
    for (const pattern of told) expect(ran.stderr).toMatch(pattern);
    expect(ran.stderr).toContain(endpoint.url);
    expect(existsSync(join(folder, "failed"))).toBe(false);
  });

  it("in an audit that asks more as well: the others' results are not half a report", async () => {
    endpoint.answer = (asked, response, count) =>
      count <= 5 ? good(asked, response, count) : send(response, 400, "enough");
    const ran = await run(
      { audits: "{ fairness.group-metrics: {}, explainability.permutation-importance: {} }" },
      "failed",
    );
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/rows 101 to 130 of 130: answers 400: enough/);
    expect(existsSync(join(folder, "failed"))).toBe(false);
  });

  it("where nobody listens, and where it does not speak TLS", async () => {
    const none = createServer();
    await new Promise<void>((resolve) => none.listen(0, "127.0.0.1", resolve));
    const { port } = none.address() as AddressInfo;
    await new Promise((resolve) => none.close(resolve));
    const refused = await run({ url: `http://127.0.0.1:${port}/x`, settings: "retries: 0" }, "failed");
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no connection \(.*ECONNREFUSED.*\), asked once/),
    });
    const plain = await run({ url: endpoint.url.replace("http:", "https:") }, "failed");
    expect(plain).toMatchObject({ code: 2, stderr: expect.stringMatching(/\(TLS: .+\); it does not speak TLS/) });
    expect(existsSync(join(folder, "failed"))).toBe(false);
  });

  it.each([400, 500, 200])("and says nothing of a secret that comes back with %d", async (status) => {
    const forms = [secret, JSON.stringify(secret), encodeURIComponent(secret), Buffer.from(secret).toString("base64")];
    endpoint.answer = (_, response) => send(response, status, `key is ${forms.join(" ")}`);
    const ran = await run({ settings: "retries: 0" }, "failed", { env: { ...env, ASSAY_DEBUG: "1" } });
    expect(ran.code).toBe(2);
    expect(ran.stderr.replaceAll(/[\\"]/g, "")).toContain(
      `key is \${MODEL_KEY} \${MODEL_KEY} \${MODEL_KEY} \${MODEL_KEY}`,
    );
    hidden(ran.stderr);
    expect(ran.stderr).not.toContain(Buffer.from(secret).toString("base64").slice(0, 12));
  });
});

it("`assay init` writes a plan for an address that runs as it stands", async () => {
  const text = readFileSync(join(folder, "people.csv"), "utf8").replace("sex,paid", "sex,repaid");
  writeFileSync(join(folder, "loans.csv"), text);
  const made = await assay(["init", "loans.csv", "--endpoint", endpoint.url, "--out", "first.yaml"], { cwd: folder });
  expect(made.code).toBe(0);
  const ran = await assay(["run", "first.yaml", "--out", "first-run"], { cwd: folder });
  expect({ code: ran.code, stderr: ran.stderr }).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("is asked about 130 rows"),
  });
  const bad = await assay(["init", "people.csv", "--endpoint", "https://a:b@x.test", "--out", "bad.yaml"], {
    cwd: folder,
  });
  expect(bad).toMatchObject({ code: 2, stderr: expect.stringMatching(/--endpoint: holds a user name or password/) });
  expect(existsSync(join(folder, "bad.yaml"))).toBe(false);
});

it("what passes is tried again: twice 503, then answers", async () => {
  endpoint.answer = (asked, response, count) =>
    count <= 2 ? send(response, 503, "warming up") : good(asked, response, count);
  expect((await run()).code).toBe(0);
  expect(endpoint.asked).toHaveLength(5);
  expect((endpoint.asked[1]?.at ?? 0) - (endpoint.asked[0]?.at ?? 0)).toBeGreaterThan(400);
});

it("waits as long as the server asks, then goes on", async () => {
  endpoint.answer = (asked, response, count) =>
    count === 1 ? send(response, 429, "", { "retry-after": "2" }) : good(asked, response, count);
  expect((await run()).code).toBe(0);
  expect((endpoint.asked[1]?.at ?? 0) - (endpoint.asked[0]?.at ?? 0)).toBeGreaterThan(1900);
});

it("Ctrl-C ends it at once, and nothing is written", async () => {
  endpoint.answer = () => {};
  const began = performance.now();
  writePlan({ settings: "timeout_seconds: 300" });
  const ran = await assayProcess(["run", "audit.yaml", "--out", "stopped"], {
    ...{ cwd: folder, env, interruptWhen: /requests\n/ },
  });
  expect(ran.code).toBe(130);
  expect(ran.stderr).toContain("interrupted; nothing was written");
  // Far from the five minutes that it would wait for an answer.
  expect(performance.now() - began).toBeLessThan(200_000);
  expect(existsSync(join(folder, "stopped"))).toBe(false);
});

describe("by the server's own clock", () => {
  it("no more requests are under way at once than the plan allows", async () => {
    endpoint.answer = (asked, response, count) => setTimeout(() => good(asked, response, count), 150);
    expect((await run({ batch: 10, settings: "concurrent: 3" })).code).toBe(0);
    expect(endpoint.asked).toHaveLength(13);
    expect(Math.max(...endpoint.asked.map(({ underWay }) => underWay))).toBe(3);
  });

  it("no more requests begin in a second than the plan allows", async () => {
    expect((await run({ batch: 10, settings: "concurrent: 4\nper_second: 8" })).code).toBe(0);
    expect(endpoint.asked).toHaveLength(13);
    const [first, last] = [endpoint.asked[0]?.at ?? 0, endpoint.asked.at(-1)?.at ?? 0];
    // Twelve gaps of an eighth of a second are 1,500 ms where requests begin. The first also sets up its connection before it
    // arrives, some hundred milliseconds on a busy machine; without a pace all arrive within as many.
    expect(last - first).toBeGreaterThan(1100);
    expect(last - first).toBeLessThan(8000);
  });
});

describe("a plan is refused before any work, with every problem", () => {
  it("where variables are missing: each is named, and nothing is asked or read", async () => {
    writePlan({ settings: "retries: 1" });
    const plan = readFileSync(join(folder, "audit.yaml"), "utf8")
      .replace(`{ x-api-key: "\${MODEL_KEY}" }`, `{ authorization: "Bearer \${TOKEN}", x-tenant: "\${TENANT}" }`)
      .replace("people.csv", "missing.csv");
    writeFileSync(join(folder, "bare.yaml"), plan);
    const ran = await assay(["run", "bare.yaml", "--out", "bare"], { cwd: folder, env: { TENANT: "" } });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toBe(`assay: bare.yaml cannot be run, 2 problems:
  model.endpoint.headers.authorization: the environment has no variable TOKEN; set it where the audit runs
  model.endpoint.headers.x-tenant: the environment has no variable TENANT; set it where the audit runs
`);
    expect(endpoint.asked).toHaveLength(0);
  });

  it("where a variable holds what no header can, without saying what", async () => {
    const ran = await run({}, "bad", { env: { MODEL_KEY: "hush-7Q\nx: y" } });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain("the variable MODEL_KEY holds a character that no header can hold");
    hidden(ran.stderr);
  });

  it("where a secret stands in it", async () => {
    writePlan();
    const plan = readFileSync(join(folder, "audit.yaml"), "utf8").replace(`\${MODEL_KEY}`, "hush-7Q");
    writeFileSync(join(folder, "open.yaml"), plan);
    const ran = await assay(["run", "open.yaml", "--out", "open"], { cwd: folder, env });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(
      /headers\.x-api-key: looks like a secret.*; write "\$\{ASSAY_ENDPOINT_KEY\}".* \(line \d+\)/,
    );
    hidden(ran.stderr);
  });

  it("where it is of a kind that this version does not ask", async () => {
    const ran = await run({ settings: "kind: openai" });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/model\.endpoint\.kind: openai is not part of this version.* \(line \d+\)/);
  });
});
