import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { writeOnnx } from "../../packages/models/src/onnx/write/write-onnx.ts";
import { digestOf, linearOfFiles, type ModelOfFiles } from "../models-of-files.ts";
import { type Answer, ServerProcess } from "../server-process.ts";

vi.setConfig({ testTimeout: 120_000 });

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
  await server.call("POST", "/projects", { name: "Credit" });
}, 120_000);
afterAll(() => server.stop(), 60_000);

const post = (body: object) => server.fetch("POST", "/projects/credit/models", body);

async function uploadBeside(beside: Readonly<Record<string, Uint8Array>>): Promise<{ name: string; upload: string }[]> {
  const sent: { name: string; upload: string }[] = [];
  for (const [name, bytes] of Object.entries(beside)) {
    sent.push({ name, upload: await server.upload(name.split("/").at(-1) ?? name, bytes) });
  }
  return sent;
}

/** Pushes a model with its files; `more` are files beside it that it does not read. */
async function push(
  name: string,
  model: ModelOfFiles,
  more: Readonly<Record<string, Uint8Array>> = {},
): Promise<Answer> {
  const beside = await uploadBeside({ ...model.beside, ...more });
  const upload = await server.upload("model.onnx", model.main);
  const answer = await post({ name, upload, beside });
  return { status: answer.status, ...(await answer.json()) };
}

async function names(): Promise<string[]> {
  return (await server.call("GET", "/projects/credit/models")).map((row: Answer) => row.name);
}

describe("a model of several files", () => {
  it("is one version by all its files; what it does not read is left out", async () => {
    const one = await push("set", linearOfFiles(3, 1), {
      "README.md": Buffer.from("read me"),
      "old/w.bin": Buffer.of(1),
    });
    expect(one).toMatchObject({ status: 200, number: 1, fileName: "model.onnx" });
    expect(one.files.map((file: Answer) => file.name)).toEqual(["model.onnx_data", "weights/b.bin"]);
    expect((await push("set", linearOfFiles(3, 1))).id).toBe(one.id);
    expect(await push("set", linearOfFiles(3, 2))).toMatchObject({ number: 2, digest: one.digest });
  });

  it("is told which file it lacks, and is not kept", async () => {
    const { main, beside } = linearOfFiles(4);
    const { "weights/b.bin": _, ...rest } = beside;
    const answer = await push("lacking", { main, beside: rest });
    expect(answer).toMatchObject({ status: 404, code: "not-found" });
    expect(answer.message).toMatch(/^model\.onnx, external data "weights\/b\.bin": is not there/);
    const cut = await push("lacking", { main, beside: { ...beside, "model.onnx_data": Buffer.alloc(8) } });
    expect(cut).toMatchObject({ status: 422, code: "model-invalid" });
    expect(cut.message).toMatch(/tensor "w": 8 bytes for 4 values/);
    expect(await names()).not.toContain("lacking");
  });

  it.each([
    [["../x"], /leads out of the model's folder/],
    [["a/../../x"], /leads out of the model's folder/],
    [["/etc/passwd"], /begins at the root/],
    [["C:\\x"], /backslash/],
    [["C:/x"], /drive/],
    [["a\u0000.bin"], /beside\.0\.name: holds a NUL character/],
    [["con.bin"], /device/],
    [["w.bin", "./w.bin"], /given twice/],
    [["w.bin", "W.BIN"], /case does not count/],
    [["Model.onnx"], /case does not count/],
    [["w", "w/a.bin"], /needs a folder there/],
  ])("with files named %j is refused", async (given, reason) => {
    const upload = await server.upload("model.onnx", linearOfFiles(2).main);
    const other = await server.upload("w", Buffer.of(1));
    const answer = await post({ name: "named", upload, beside: given.map((name) => ({ name, upload: other })) });
    const told = await answer.json();
    expect([answer.status, told.code]).toEqual([400, "usage"]);
    expect(told.message).toMatch(reason);
    expect(await names()).not.toContain("named");
  });

  it("reads nothing but its own files, whatever they name", async () => {
    const secret = await mkdtemp(join(tmpdir(), "assay-secret-"));
    await writeFile(join(secret, "w.bin"), new Uint8Array(8));
    const stored = digestOf(linearOfFiles(3, 1).beside["model.onnx_data"] ?? new Uint8Array());
    const blob = `../../sha256/${stored.slice(7, 9)}/${stored.slice(9)}`;
    for (const location of [join(secret, "w.bin"), "../w.bin", blob, `weights/../../${blob}`, "/proc/self/environ"]) {
      const main = writeOnnx({
        nodes: [{ operator: "MatMul", inputs: ["X", "w"], outputs: ["Y"] }],
        initializers: [{ name: "w", type: "float", dims: [2, 1], values: [], external: { location } }],
        inputs: [{ name: "X", type: "float", dims: ["N", 2] }],
        outputs: [{ name: "Y", type: "float", dims: ["N", 1] }],
      });
      const answer = await push("spy", { main, beside: { "w.bin": new Uint8Array(8) } });
      expect(answer.message).toMatch(/outside the model's folder/);
    }
    await rm(secret, { recursive: true });
    expect(await names()).not.toContain("spy");
  });

  it("comes back file by file, in parts where they are asked for", async () => {
    const model = linearOfFiles(100);
    const version = await push("parts", model);
    const weights = Buffer.from(model.beside["model.onnx_data"] ?? []);
    const get = (headers: Record<string, string>, name = "model.onnx_data") =>
      fetch(`${server.url}/api/v1/model-versions/${version.id}/files/${name}`, {
        headers: { authorization: "Bearer assay_key_for_tests_0123456789", ...headers },
      });
    const whole = await get({});
    expect([whole.status, whole.headers.get("accept-ranges"), whole.headers.get("etag")]).toEqual([
      200,
      "bytes",
      `"${digestOf(weights)}"`,
    ]);
    expect(Buffer.from(await whole.arrayBuffer()).equals(weights)).toBe(true);
    const part = await get({ range: "bytes=100-", "if-range": `"${digestOf(weights)}"` });
    expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 100-399/400"]);
    expect(Buffer.from(await part.arrayBuffer()).equals(weights.subarray(100))).toBe(true);
    expect((await get({ range: "bytes=100-", "if-range": '"other"' })).status).toBe(200);
    const outside = await get({ range: "bytes=400-" });
    expect([outside.status, outside.headers.get("content-range")]).toEqual([416, "bytes */400"]);
    expect((await outside.json()).code).toBe("usage");
    expect((await get({}, "weights%2Fb.bin")).status).toBe(200);
    expect((await get({}, "weights/b.bin")).status).toBe(200);
    for (const name of ["nothing", "%2e%2e%2ffile", "weights"]) expect((await get({}, name)).status).toBe(404);
    const own = await server.fetch("GET", `/model-versions/${version.id}/file`);
    expect(digestOf(new Uint8Array(await own.arrayBuffer()))).toBe(version.digest);
    expect(
      (await server.fetch("GET", `/model-versions/${version.id}/files/model.onnx_data`, undefined, null)).status,
    ).toBe(401);
  });

  it("is not sent again where the server has its bytes, and nobody else's upload is taken for it", async () => {
    const bytes = linearOfFiles(77, 9).beside["model.onnx_data"] ?? new Uint8Array();
    const ask = (change = {}) =>
      server.call("POST", "/projects/credit/uploads", {
        fileName: "w",
        digest: digestOf(bytes),
        sizeBytes: bytes.length,
        ...change,
      });
    expect(await ask()).toBeNull();
    await server.upload("w", bytes);
    const known = await ask();
    expect(known).toMatchObject({ complete: true, offset: bytes.length });
    expect(await ask({ sizeBytes: bytes.length + 1 })).toBeNull();
    expect(await ask({ digest: `sha256:${"0".repeat(64)}` })).toBeNull();
    expect(
      (
        await server.fetch("POST", "/projects/credit/uploads", {
          fileName: "../w",
          digest: digestOf(bytes),
          sizeBytes: 1,
        })
      ).status,
    ).toBe(400);
  });

  it("loses one version at a time, never one that a run waits for", async () => {
    const one = await push("gone", linearOfFiles(5, 1));
    const two = await push("gone", linearOfFiles(5, 2));
    expect(await server.call("DELETE", `/model-versions/${one.id}`)).toEqual({ ok: true, model: false });
    expect((await server.fetch("GET", `/model-versions/${one.id}/file`)).status).toBe(404);
    expect((await server.fetch("GET", `/model-versions/${two.id}/files/model.onnx_data`)).status).toBe(200);
    expect(await server.call("DELETE", `/model-versions/${two.id}`)).toEqual({ ok: true, model: true });
    expect(await names()).not.toContain("gone");
    expect((await server.fetch("DELETE", `/model-versions/${two.id}`)).status).toBe(404);
  });
});

describe("a run", () => {
  it("of a model whose stored bytes have changed is refused, and the file is named", async () => {
    const model = linearOfFiles(2, 11);
    const version = await push("damaged", model);
    const lines = Array.from(
      { length: 60 },
      (_, row) => `${row % 7},${row % 5},${row % 2 ? "f" : "m"},${row % 3 ? 1 : 0}`,
    );
    const dataset = await server.dataset("credit", "people.csv", `x0,x1,sex,label\n${lines.join("\n")}\n`);
    const plan = `version: 1
project: damaged
data: { file: people.csv }
columns: { label: label, positive: 1, decision: { at_least: 0.5 }, protected: [sex], features: [x0, x1] }
model: { file: model.onnx }
audits: { fairness.group-metrics: {} }
`;
    const start = () => server.call("POST", "/projects/credit/runs", { dataset: dataset.id, model: version.id, plan });
    const good = await start();
    expect(await server.waitFor(good.id, ["completed", "failed"])).toMatchObject({ status: "completed" });
    const digest = digestOf(model.beside["weights/b.bin"] ?? new Uint8Array());
    const blob = join(server.folder, "blobs/sha256", digest.slice(7, 9), digest.slice(9));
    const { rename } = await import("node:fs/promises");
    // In place of the file, not into it: it may have other names.
    await writeFile(`${blob}.other`, new Uint8Array(4).fill(1));
    await rename(`${blob}.other`, blob);
    const bad = await start();
    const run = await server.waitFor(bad.id, ["completed", "failed"]);
    expect(run).toMatchObject({ status: "failed", error: { code: "digest-mismatch" } });
    expect(run.error.message).toMatch(/^the stored bytes of weights\/b\.bin are sha256:/);
    await rm(blob);
    const lost = await server.waitFor((await start()).id, ["completed", "failed"]);
    expect(lost.error).toMatchObject({
      code: "not-found",
      message: "the stored bytes of weights/b.bin are gone; push the model again",
    });
  });
});

describe("a server that is killed between the files of a model", () => {
  // Three servers start one after another.
  it("shows no version, and takes the rest where it stopped", { timeout: 300_000 }, async () => {
    const model = linearOfFiles(200, 21, 500);
    const weights = model.beside["model.onnx_data"] ?? new Uint8Array();
    let killed = await ServerProcess.start();
    try {
      await killed.call("POST", "/projects", { name: "Credit" });
      const first = await killed.upload("b.bin", model.beside["weights/b.bin"] ?? new Uint8Array());
      const metadata = { filename: "model.onnx_data", digest: digestOf(weights) };
      const location = await killed.beginUpload(weights.length, metadata);
      await killed.sendPart(location, 0, weights.subarray(0, 100_000));
      await killed.kill();
      killed = await ServerProcess.start({ folder: killed.folder });
      expect(await killed.call("GET", "/projects/credit/models")).toEqual([]);
      const known = await killed.call("POST", "/projects/credit/uploads", {
        fileName: "model.onnx_data",
        digest: digestOf(weights),
        sizeBytes: weights.length,
      });
      expect(known).toMatchObject({ complete: false, offset: 100_000 });
      await killed.sendPart(`${killed.url}/api/v1/uploads/${known.id}`, known.offset, weights.subarray(known.offset));
      const upload = await killed.upload("model.onnx", model.main);
      const body = {
        name: "whole",
        upload,
        beside: [
          { name: "weights/b.bin", upload: first },
          { name: "model.onnx_data", upload: known.id },
        ],
      };
      const version = await killed.call("POST", "/projects/credit/models", body);
      // The answer was lost: asked again it is the same.
      expect((await killed.call("POST", "/projects/credit/models", body)).id).toBe(version.id);
      expect(version.files.map((file: Answer) => file.digest)).toEqual(
        Object.values(model.beside).map((bytes) => digestOf(bytes)),
      );
    } finally {
      await killed.stop();
    }
  });
});
