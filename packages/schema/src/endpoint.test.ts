// biome-ignore-all lint/suspicious/noTemplateCurlyInString: headers name variables so

import { describe, expect, it } from "vitest";
import { endpointAddress } from "./endpoint.ts";
import { fillHeaders, headerVariables, redact } from "./endpoint-headers.ts";
import { isAssayError } from "./error.ts";
import { checkPlan, readPlan } from "./read-plan.ts";
import { writePlan } from "./write-plan.ts";

const plan = (endpoint: unknown) => ({
  version: 1,
  data: { file: "d.csv" },
  columns: { label: "y", features: ["age"] },
  model: { endpoint },
});
const url = "https://models.example.org/credit";

function problemsOf(value: unknown): string[] {
  try {
    checkPlan(value);
  } catch (error) {
    if (!isAssayError(error)) throw error;
    return error.problems.map(({ at, message }) => `${at}: ${message}`);
  }
  return [];
}

describe("the endpoint of a plan", () => {
  it("needs an address alone, and has every default written out", () => {
    const { model } = checkPlan(plan({ url }));
    expect(model?.endpoint).toEqual({
      url,
      kind: "predict",
      headers: {},
      request: { rows: "instances", as: "objects", body: {} },
      response: { rows: "predictions", score: "", kind: "probabilities" },
      batch: 100,
      concurrent: 1,
      timeout_seconds: 30,
      retries: 4,
    });
  });

  it("keeps the text of classes and headers as the file spells it", () => {
    const read = readPlan(`version: 1
data: { file: d.csv }
columns: { features: [age] }
model:
  endpoint:
    url: ${url}
    headers: { x-version: 01 }
    response: { score: p, classes: [0, 01] }
`);
    expect(read.model?.endpoint?.headers).toEqual({ "x-version": "01" });
    expect(read.model?.endpoint?.response.classes).toEqual(["0", "01"]);
    expect(readPlan(writePlan(read))).toEqual(read);
  });

  it("stands in the place of a file, never beside it", () => {
    expect(problemsOf({ ...plan({ url }), model: { endpoint: { url }, file: "m.onnx" } })).toEqual([
      "model: give exactly one of file and endpoint",
    ]);
    expect(problemsOf({ ...plan({ url }), model: {} })).toEqual(["model: give exactly one of file and endpoint"]);
  });

  it("tells every problem together, each with its place", () => {
    const bad = {
      url: "https://user:hush@models.example.org/x?api_key=hush&v=1#top",
      kind: "openai",
      headers: { Authorization: "Bearer hush", host: "x", "x key": "1", "x-a": "${1A}", "X-A": "b" },
      request: { as: "rows", body: { options: { apiKey: "hush" } } },
      response: { rows: "x", classes: ["one"] },
      inputs: [],
      batch: 0,
      concurrent: 65,
      per_second: 0,
      timeout_seconds: 301,
      retries: -1,
      retry: 3,
    };
    const told = problemsOf(plan(bad));
    const places = told.map((line) => line.split(": ")[0]);
    for (const key of [
      "url",
      "kind",
      "headers.Authorization",
      "headers.host",
      "headers.x key",
      "headers.x-a",
      "headers.X-A",
      "request.as",
      "request.body.options.apiKey",
      "response.classes",
      "inputs",
      "batch",
      "concurrent",
      "per_second",
      "timeout_seconds",
      "retries",
    ]) {
      expect(places).toContain(`model.endpoint.${key}`);
    }
    expect(told).toContainEqual(expect.stringContaining('"retry" is not a setting here'));
    expect(told.join("\n")).not.toContain("hush");
  });

  it.each([
    ["models.example.org", "begins with https"],
    ["file:///etc/passwd", "begins with https"],
    ["javascript:alert(1)", "begins with https"],
    ["https://models.example.org/${KEY}", "an address holds no variables"],
    ["https://:hush@models.example.org", "holds a user name or password"],
    ["https://models.example.org/x?access_token=hush", 'its parameter "access_token" looks like a secret'],
    ["https://models.example.org/x?sig=hush", 'its parameter "sig" looks like a secret'],
  ])("refuses the address %s", (address, why) => {
    const told = problemsOf(plan({ url: address }));
    expect(told).toEqual([expect.stringMatching(/^model\.endpoint\.url: /)]);
    expect(told[0]).toContain(why);
    expect(told[0]).not.toContain("hush");
  });

  it("takes addresses with parameters that are no secrets, and shows host and path", () => {
    const address = "http://127.0.0.1:8080/v1/models/credit:predict?version=2&max_tokens=5";
    expect(problemsOf(plan({ url: address }))).toEqual([]);
    expect(endpointAddress({ url: address })).toBe("http://127.0.0.1:8080/v1/models/credit:predict");
  });

  it.each([
    "authorization",
    "Proxy-Authorization",
    "x-api-key",
    "api-key",
    "Cookie",
    "X-Auth",
    "x-goog-api-key",
    "Ocp-Apim-Subscription-Key",
    "x-amz-security-token",
  ])("refuses a header %s that is written out, and says what to write", (name) => {
    expect(problemsOf(plan({ url, headers: { [name]: "hush" } }))).toEqual([
      `model.endpoint.headers.${name}: looks like a secret, which a plan would keep and show; write "\${ASSAY_ENDPOINT_KEY}" and give the environment that variable`,
    ]);
    expect(problemsOf(plan({ url, headers: { [name]: "${KEY}" } }))).toEqual([]);
  });

  it("knows a secret by its scheme in a header of any name, and keeps the scheme in what to write", () => {
    expect(problemsOf(plan({ url, headers: { "x-forward": "Bearer hush" } }))[0]).toContain(
      'write "Bearer ${ASSAY_ENDPOINT_KEY}"',
    );
    expect(problemsOf(plan({ url, headers: { accept: "application/json", "x-tenant": "credit" } }))).toEqual([]);
  });

  it.each([
    "sk-proj-abcdefgh12345678",
    "ghp_abcdefghijklmnopqrst",
    "AKIAABCDEFGHIJKLMNOP",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
    "hf_abcdefghijklmnopqrst",
  ])("refuses what is shaped like a key, whatever the header's name: %s", (key) => {
    const problems = problemsOf(plan({ url, headers: { "x-tenant": key } }));
    expect(problems).toEqual([expect.stringContaining("headers.x-tenant: looks like a secret")]);
    expect(problems.join()).not.toContain(key);
  });

  it("takes numbers and names in the body, but no secret there", () => {
    const body = { max_tokens: 5, tokenizer: "bert", parameters: [{ key_column: "id" }] };
    expect(problemsOf(plan({ url, request: { body } }))).toEqual([]);
    expect(problemsOf(plan({ url, request: { body: { a: [{ token: "hush" }] } } }))).toEqual([
      expect.stringMatching(/^model\.endpoint\.request\.body\.a\.?\[?0\]?\.token: looks like a secret/),
    ]);
  });
});

describe("variables in headers", () => {
  const headers = { Authorization: "Bearer ${A}", "x-both": "${A}-${B_2}", accept: "text/plain" };

  it("are named once each, and filled in", () => {
    expect(headerVariables({ headers })).toEqual(["A", "B_2"]);
    expect(fillHeaders({ headers }, (name) => `<${name}>`)).toEqual({
      filled: {
        headers: { authorization: "Bearer <A>", "x-both": "<A>-<B_2>", accept: "text/plain" },
        secrets: { A: "<A>", B_2: "<B_2>" },
      },
      problems: [],
    });
  });

  it("are told together where they are missing, empty, or cannot be sent", () => {
    const { problems } = fillHeaders({ headers }, (name) => (name === "A" ? "" : "two\nlines"));
    expect(problems.map(({ at }) => at)).toEqual([
      "model.endpoint.headers.Authorization",
      "model.endpoint.headers.x-both",
      "model.endpoint.headers.x-both",
    ]);
    expect(problems.map(({ message }) => message).join()).not.toContain("two");
  });

  it("are not filled in with what a value holds: a secret is no template", () => {
    const { filled } = fillHeaders({ headers: { a: "${A}" } }, (name) => (name === "A" ? "$& ${B} $1" : "b"));
    expect(filled.headers).toEqual({ a: "$& ${B} $1" });
  });
});

describe("redact", () => {
  it("takes out a secret in every form, the longer one first", () => {
    const secrets = { SHORT: 'k"1', LONG: 'k"1/longer' };
    const forms = Object.values(secrets).flatMap((secret) => [
      secret,
      JSON.stringify(secret),
      encodeURIComponent(secret),
      btoa(secret),
    ]);
    expect(redact(forms.join(" "), secrets)).toBe(
      '${SHORT} "${SHORT}" ${SHORT} ${SHORT} ${LONG} "${LONG}" ${LONG} ${LONG}==',
    );
  });

  it("takes out the name and password that Base64 holds", () => {
    expect(redact("no user admin:hush here", { BASIC: btoa("admin:hush") })).toBe("no user ${BASIC} here");
    expect(redact("nothing to hide", {})).toBe("nothing to hide");
  });
});
