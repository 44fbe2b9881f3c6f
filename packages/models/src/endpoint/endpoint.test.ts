import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Device, openDevice } from "@assay/compute";
import { Endpoint, type FilledHeaders, isAssayError } from "@assay/schema";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Column } from "../columns.ts";
import type { Model } from "../model.ts";
import { type EndpointHost, systemHost } from "./host.ts";
import { openEndpoint as open } from "./open-endpoint.ts";

interface Seen {
  readonly body: { readonly instances?: readonly Readonly<Record<string, unknown>>[] } & Readonly<
    Record<string, unknown>
  >;
  readonly headers: IncomingMessage["headers"];
  readonly at: number;
}

type Answer = (seen: Seen, response: ServerResponse, count: number) => void;

let device: Device;
let server: Server;
let url: string;
let answer: Answer;
let seen: Seen[];

beforeAll(async () => {
  device = await openDevice("cpu");
  server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const one = {
        body: JSON.parse(Buffer.concat(pieces).toString("utf8")),
        headers: request.headers,
        at: performance.now(),
      };
      seen.push(one);
      answer(one, response, seen.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/predict`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  device.dispose();
});
beforeEach(() => {
  seen = [];
  answer = good;
});

const send = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) => {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
};
/** The probability is a tenth of the age. */
const scoresOf = (one: Seen) => (one.body.instances ?? []).map((row) => ({ p: Number(row.age) / 10 }));
const good: Answer = (one, response) => send(response, 200, { predictions: scoresOf(one) });

/** Waits are a hundred times shorter, but for the longest: those are for answers that come. The clock is the machine's. */
const quick: EndpointHost = {
  ...systemHost,
  sleep: (ms, signal) => systemHost.sleep(ms < 30_000 ? ms / 100 : ms, signal),
};

const settings = (change: Readonly<Record<string, unknown>> = {}) => ({
  url,
  inputs: [{ name: "age" }, { name: "town", kind: "category" }],
  response: { rows: "predictions", score: "p", classes: ["no", "yes"] },
  batch: 3,
  ...change,
});
/** Opens settings as a plan gives them, with headers as they are sent. */
function openEndpoint(given: unknown, host: EndpointHost, filled: FilledHeaders = { headers: {}, secrets: {} }): Model {
  const endpoint = Endpoint.parse(given);
  return open(endpoint, { inputs: endpoint.inputs ?? [], filled, host });
}

const columns = (rows: number): Column[] => [
  Float64Array.from({ length: rows }, (_, row) => row % 10),
  { levels: ["Bern", "Oslo"], codes: Uint8Array.from({ length: rows }, (_, row) => row % 2) },
];

async function refusal(
  change: Readonly<Record<string, unknown>> = {},
  rows = 4,
  filled?: FilledHeaders,
): Promise<{ code: string; message: string }> {
  const model = openEndpoint(settings(change), quick, filled);
  try {
    await model.predict(columns(rows), { device });
  } catch (error) {
    if (!isAssayError(error)) throw error;
    return { code: error.code, message: error.message };
  }
  throw new Error("the endpoint gave a prediction");
}

async function scores(change: Readonly<Record<string, unknown>> = {}, rows = 8): Promise<Float64Array> {
  const model = openEndpoint(settings(change), quick);
  const [output] = (await model.predict(columns(rows), { device })).outputs;
  if (output?.kind !== "probabilities") throw new Error("no probabilities");
  return output.values;
}

describe("an endpoint is asked in batches", () => {
  it("of rows as objects, with headers, and gives scores in the order of the rows", async () => {
    const model = openEndpoint(settings(), quick, {
      headers: { authorization: "Bearer secret" },
      secrets: { KEY: "secret" },
    });
    expect([model.runtime, model.format, model.main.kind, model.main.classes]).toEqual([
      "endpoint",
      "endpoint",
      "probabilities",
      ["no", "yes"],
    ]);
    const { outputs } = await model.predict(columns(8), { device });
    expect(outputs).toEqual([
      {
        name: "score",
        kind: "probabilities",
        width: 1,
        values: Float64Array.from([0, 1, 2, 3, 4, 5, 6, 7], (age) => age / 10),
      },
    ]);
    expect(seen.map((one) => one.body.instances?.length)).toEqual([3, 3, 2]);
    expect(seen[0]?.body.instances?.[1]).toEqual({ age: 1, town: "Oslo" });
    expect(seen[0]?.headers.authorization).toBe("Bearer secret");
  });

  it("of rows as arrays, at another place, beside other things in the body", async () => {
    answer = (_, response) =>
      send(response, 200, [
        [0.25, 0.75, "yes"],
        [0.5, 0.5, "no"],
      ]);
    const model = openEndpoint(
      settings({
        request: { rows: "data.rows", as: "arrays", body: { version: 2, data: { names: ["age", "town"] } } },
        response: { rows: "", score: "", label: "2" },
        batch: 2,
      }),
      quick,
    );
    await expect(model.predict(columns(2), { device })).rejects.toMatchObject({
      message: expect.stringContaining("gives 3 scores a row; name their classes"),
    });
    expect(seen[0]?.body).toEqual({
      version: 2,
      data: {
        names: ["age", "town"],
        rows: [
          [0, "Bern"],
          [1, "Oslo"],
        ],
      },
    });
    answer = (_, response) =>
      send(response, 200, {
        out: [
          { p: [0.25, 0.75], y: 1 },
          { p: [0.5, 0.5], y: 0 },
        ],
      });
    const both = openEndpoint(settings({ response: { rows: "out", score: "p", label: "y" }, batch: 2 }), quick);
    const { outputs } = await both.predict(columns(2), { device });
    expect(outputs).toEqual([
      { name: "score", kind: "probabilities", width: 2, values: Float64Array.of(0.25, 0.75, 0.5, 0.5) },
      { name: "label", kind: "label", codes: Uint32Array.of(0, 1), levels: ["1", "0"] },
    ]);
  });

  it("with missing numbers and texts as null", async () => {
    answer = (_, response) => send(response, 200, { predictions: [{ p: 0.5 }, { p: 0.5 }] });
    await openEndpoint(settings(), quick).predict(
      [Float64Array.of(Number.NaN, 3), { levels: ["", "x"], codes: Uint8Array.of(1, 0) }],
      { device },
    );
    expect(seen[0]?.body.instances).toEqual([
      { age: null, town: "x" },
      { age: 3, town: null },
    ]);
  });

  it("several at once where that is asked for, and answers out of order stay in order", async () => {
    answer = (one, response) => setTimeout(() => good(one, response, 0), one.body.instances?.[0]?.age === 0 ? 60 : 1);
    expect(await scores({ concurrent: 4 })).toEqual(Float64Array.from([0, 1, 2, 3, 4, 5, 6, 7], (age) => age / 10));
  });

  it("at the pace that is asked for", async () => {
    // The clock stands still, so every wait is told from the first request on.
    const waits: number[] = [];
    const sleep: EndpointHost["sleep"] = (ms, signal) => {
      if (ms >= 30_000) return systemHost.sleep(ms, signal);
      waits.push(ms);
      return Promise.resolve();
    };
    const host: EndpointHost = { fetch: systemHost.fetch, now: () => 0, sleep };
    await openEndpoint(settings({ per_second: 20 }), host).predict(columns(12), { device });
    expect(waits).toEqual([50, 100, 150]);
  });

  it("has a digest of its settings without the secret", () => {
    const digest = (change: Readonly<Record<string, unknown>>) => openEndpoint(settings(change), quick).digest;
    const key = (name: string) => ({ headers: { authorization: `Bearer \${${name}}` } });
    expect(digest(key("A"))).toBe(digest(key("B")));
    expect(digest({ batch: 4 })).not.toBe(digest({ batch: 5 }));
  });
});

describe("what may pass is tried again", () => {
  it.each([500, 502, 503, 504, 408, 425, 429])("%d twice, then an answer", async (status) => {
    answer = (one, response, count) => (count <= 2 ? send(response, status, "busy") : good(one, response, count));
    expect(await scores({}, 3)).toEqual(Float64Array.of(0, 0.1, 0.2));
    expect(seen).toHaveLength(3);
  });

  it("a connection that is cut, then an answer", async () => {
    answer = (one, response, count) => (count === 1 ? response.destroy() : good(one, response, count));
    expect(await scores({}, 3)).toEqual(Float64Array.of(0, 0.1, 0.2));
  });

  it("an answer that stops in the middle", async () => {
    answer = (one, response, count) => {
      if (count > 1) return good(one, response, count);
      response.writeHead(200, { "content-length": "1000" });
      response.write('{"predictions": [');
      setTimeout(() => response.destroy(), 5);
    };
    expect(await scores({}, 3)).toEqual(Float64Array.of(0, 0.1, 0.2));
  });

  it("as long as the server asks to wait, and no other request meanwhile", async () => {
    const waits: number[] = [];
    const sleep: EndpointHost["sleep"] = (ms, signal) => {
      waits.push(ms);
      return quick.sleep(ms, signal);
    };
    const host: EndpointHost = { ...quick, sleep };
    answer = (one, response, count) =>
      count === 1 ? send(response, 429, "slow down", { "retry-after": "2" }) : good(one, response, count);
    await openEndpoint(settings(), host).predict(columns(3), { device });
    expect(waits).toContain(2000);
  });
});

describe("then it is a typed error, and no half prediction", () => {
  it.each([
    [500, "unreachable"],
    [503, "unreachable"],
    [504, "timeout"],
    [429, "rate-limited"],
  ])("%d for ever is %s, told with the number of tries", async (status, code) => {
    answer = (_, response) => send(response, status, { error: "no luck" });
    const error = await refusal({ retries: 2 });
    expect(error.code).toBe(code);
    expect(error.message).toMatch(
      new RegExp(`/predict, rows 1 to 3 of 4: answers ${status}: .*no luck.*, asked 3 times; .+`),
    );
    expect(seen).toHaveLength(3);
  });

  it.each([
    [400, "model-invalid"],
    [401, "unauthorized"],
    [403, "forbidden"],
    [404, "not-found"],
    [422, "model-invalid"],
  ])("%d is %s at once", async (status, code) => {
    answer = (_, response) => send(response, status, "no such feature");
    const error = await refusal();
    expect(error).toMatchObject({ code, message: expect.stringContaining(`answers ${status}: no such feature`) });
    expect(seen).toHaveLength(1);
  });

  it("no answer in time is a timeout", async () => {
    answer = () => {};
    const error = await refusal({ timeout_seconds: 2, retries: 1 });
    expect(error.code).toBe("timeout");
    expect(error.message).toMatch(/rows 1 to 3 of 4: no answer in 2 s, asked 2 times; raise timeout_seconds/);
  });

  it("no server is unreachable", async () => {
    const none = createServer();
    await new Promise<void>((resolve) => none.listen(0, "127.0.0.1", resolve));
    const { port } = none.address() as AddressInfo;
    await new Promise((resolve) => none.close(resolve));
    const error = await refusal({ url: `http://127.0.0.1:${port}/predict`, retries: 1 });
    expect(error.code).toBe("unreachable");
    expect(error.message).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/predict, rows 1 to 3 of 4: no connection \(.*ECONNREFUSED.*\), asked 2 times; is it running/,
    );
  });

  it("a server that speaks no TLS is told at once", async () => {
    const error = await refusal({ url: url.replace("http:", "https:") });
    expect(error.code).toBe("unreachable");
    expect(error.message).toMatch(/no connection \(TLS: wrong version number\); it does not speak TLS as expected/);
    expect(seen).toHaveLength(0);
  });

  it("a port that no request goes to is told at once", async () => {
    expect((await refusal({ url: "http://127.0.0.1:9/predict" })).message).toMatch(/bad port\); this port is kept/);
  });

  it("a redirect is not followed: it would take the secret elsewhere", async () => {
    answer = (_, response) => send(response, 307, "", { location: "http://127.0.0.1:1/in?key=abc" });
    const error = await refusal();
    expect(error.code).toBe("model-invalid");
    expect(error.message).toMatch(/answers 307 and sends on to http:\/\/127\.0\.0\.1:1\/in, which is not followed/);
    expect(error.message).not.toContain("abc");
    expect(seen).toHaveLength(1);
  });

  it("a server that asks to be left alone for long is not waited for", async () => {
    answer = (_, response) => send(response, 429, "quota", { "retry-after": "3600" });
    const error = await refusal();
    expect(error.code).toBe("rate-limited");
    expect(error.message).toMatch(/answers 429: quota, asked once; it asks to wait 3600 s/);
    expect(seen).toHaveLength(1);
  });

  it("waits until the moment that a server names", async () => {
    const waits: number[] = [];
    const sleep: EndpointHost["sleep"] = (ms, signal) => {
      waits.push(ms);
      return quick.sleep(ms, signal);
    };
    const [date, until] = [1000, 8000].map((ms) => new Date(ms).toUTCString()) as [string, string];
    answer = (one, response, count) =>
      count === 1 ? send(response, 503, "", { date, "retry-after": until }) : good(one, response, count);
    await openEndpoint(settings(), { ...quick, sleep }).predict(columns(3), { device });
    expect(waits).toContain(7000);
  });

  it.each([
    ["too few rows", { predictions: [{ p: 0.5 }] }, /rows 1 to 3 of 4: answers 1 rows for 3 asked/],
    ["too many rows", { predictions: [1, 2, 3, 4].map((p) => ({ p })) }, /answers 4 rows for 3 asked/],
    ["no rows", { result: [] }, /holds no list "predictions", it is an object of "result"; say in response\.rows/],
    ["a null for a NaN", { predictions: [{ p: 0.1 }, { p: null }, { p: 0.2 }] }, /row 2 has the score null/],
    ["a text for a number", { predictions: [{ p: 0.1 }, { p: "0.3" }, { p: 0.2 }] }, /row 2 has the score "0\.3"/],
    [
      "no score",
      { predictions: [{ p: 0.1 }, {}, { p: 0.2 }] },
      /row 2 has the score nothing.*response\.score.*now "p"/,
    ],
    [
      "scores of different numbers",
      { predictions: [{ p: [0.1, 0.9] }, { p: [1] }, { p: [0, 1] }] },
      /row 2 has 1 scores, the rows before it 2/,
    ],
    [
      "scores that are not of the classes",
      { predictions: [1, 2, 3].map(() => ({ p: [0.1, 0.2, 0.7] })) },
      /gives 3 scores a row for the 2 classes of response\.classes/,
    ],
    [
      "probabilities of two classes that do not add up to 1",
      {
        predictions: [
          [0.1, 0.9],
          [0.9, 0.9],
          [0, 1],
        ].map((p) => ({ p })),
      },
      /row 2 has probabilities that add up to 1\.8, not to 1; write response\.kind: score/,
    ],
    [
      "a probability that is none",
      { predictions: [{ p: 0.1 }, { p: 37 }, { p: 0.2 }] },
      /row 2 has the probability 37/,
    ],
  ])("%s", async (_, body, text) => {
    answer = (__, response) => send(response, 200, body);
    const error = await refusal();
    expect(error.code).toBe("model-invalid");
    expect(error.message).toMatch(text);
  });

  it("NaN, which is no JSON", async () => {
    answer = (_, response) => send(response, 200, '{"predictions": [{"p": NaN}]}');
    const error = await refusal();
    expect(error.code).toBe("model-invalid");
    expect(error.message).toMatch(/the answer is no JSON: "\{\\"predictions\\": \[\{\\"p\\": NaN\}\]\}"/);
  });

  it("a label that is none of the classes", async () => {
    answer = (one, response) =>
      send(response, 200, { predictions: scoresOf(one).map((row) => ({ ...row, y: "perhaps" })) });
    const error = await refusal({ response: { rows: "predictions", label: "y", classes: ["no", "yes"] } });
    expect(error.message).toMatch(/row 1 has the label "perhaps", which is none of response\.classes/);
  });

  it("an answer without end", async () => {
    answer = (_, response) => {
      const piece = Buffer.alloc(1 << 22, 32);
      const more = () => {
        while (!response.destroyed && response.write(piece));
      };
      response.on("drain", more);
      response.on("error", () => undefined);
      more();
    };
    const error = await refusal({ retries: 0, timeout_seconds: 300 });
    expect(error.message).toMatch(/answers more than 67108864 bytes/);
  });

  it("a failure in a later batch", async () => {
    answer = (one, response, count) =>
      count === 3 ? send(response, 200, { predictions: [] }) : good(one, response, count);
    const error = await refusal({}, 30);
    expect(error.message).toMatch(/rows 7 to 9 of 30: answers 0 rows for 3 asked/);
    expect(seen.length).toBeLessThan(6);
  });

  it("other scores in another batch", async () => {
    answer = (one, response, count) =>
      send(response, 200, { predictions: scoresOf(one).map(({ p }) => ({ p: count === 2 ? [1 - p, p] : p })) });
    expect((await refusal({}, 9)).message).toMatch(/rows 4 to 6 of 9: its rows have 2 scores, other rows 1/);
  });

  it("a caller that gives up", async () => {
    const stop = new AbortController();
    answer = () => stop.abort();
    const model = openEndpoint(settings(), quick);
    await expect(model.predict(columns(3), { device, signal: stop.signal })).rejects.toMatchObject({
      code: "cancelled",
    });
  });
});

describe("a secret that a server gives back is not told", () => {
  const secret = 'k-"9/+u=8';
  const filled: FilledHeaders = { headers: { "x-api-key": secret }, secrets: { MODEL_KEY: secret } };
  const forms = [secret, JSON.stringify(secret), encodeURIComponent(secret), Buffer.from(secret).toString("base64")];

  it.each([
    ["in an error", 400, (form: string) => `bad key ${form}`],
    ["across the place where the message is cut", 400, (form: string) => `${"x".repeat(192)} ${form}`],
    ["in an answer that is no JSON", 200, (form: string) => `key ${form}`],
    ["as a score", 200, (form: string) => ({ predictions: [form, 1, 1].map((p) => ({ p })) })],
    ["as a name", 200, (form: string) => ({ [form]: [] })],
    ["in an address", 307, (form: string) => form],
  ])("%s", async (_, status, body) => {
    for (const form of forms) {
      answer = (__, response) =>
        send(response, status, body(form), status === 307 ? { location: `http://127.0.0.1/${encodeURI(form)}` } : {});
      const { message } = await refusal({ retries: 0 }, 3, filled);
      // Not even a beginning of it.
      expect(message.replaceAll(/[^A-Za-z0-9]/g, "")).not.toMatch(/k9|k2229|ay0iO/);
    }
  });

  it("as a label, which a report would keep", async () => {
    answer = (_, response) => send(response, 200, { predictions: [1, 2, 3].map(() => ({ y: secret })) });
    const error = await refusal({ response: { rows: "predictions", label: "y" } }, 3, filled);
    expect(error.message).toMatch(/row 1 has a label that gives a secret of the headers back/);
  });

  it("nor signs that a terminal would follow", async () => {
    answer = (_, response) => send(response, 400, "\u001b[2Jgone\r\nrow");
    expect((await refusal()).message).toMatch(/answers 400: \[2Jgone row/);
  });
});

it("answers of any kind are predictions or typed errors", async () => {
  const kinds = ["model-invalid", "unreachable", "timeout", "rate-limited", "unauthorized", "forbidden", "not-found"];
  const whole = JSON.stringify({ predictions: [0.25, 0.5, 0.75].map((p) => ({ p })) });
  const pieces = [
    "NaN",
    "null",
    '"',
    "}",
    "[",
    ",",
    "1e999",
    "-0",
    "\u0000",
    "{}",
    "[[",
    "true",
    '{"p":',
    "9".repeat(400),
  ];
  // A generator of its own: the same answers in every run.
  let state = 7;
  const below = (most: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % most;
  };
  let taken = 0;
  for (let round = 0; round < 200; round++) {
    let text = whole;
    for (let change = 0; change <= below(3); change++) {
      const at = below(text.length);
      const cut = below(8);
      text = text.slice(0, at) + (pieces[below(pieces.length)] ?? "") + text.slice(at + cut);
    }
    const status = below(5) === 0 ? ([301, 400, 401, 403, 404, 418, 500] as const)[below(7)] : 200;
    answer = (_, response) => send(response, status ?? 200, text);
    try {
      const model = openEndpoint(settings({ retries: 0 }), quick);
      const [output] = (await model.predict(columns(3), { device })).outputs;
      if (output?.kind !== "probabilities") throw new Error("no probabilities");
      expect([...output.values].every((value) => value >= -1e-6 && value <= 1 + 1e-6)).toBe(true);
      taken++;
    } catch (error) {
      if (!isAssayError(error)) throw error;
      expect(kinds).toContain(error.code);
      expect(error.message).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/predict, rows 1 to 3 of 3: ./);
    }
  }
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(200);
});
