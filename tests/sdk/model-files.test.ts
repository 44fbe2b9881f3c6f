import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Assay, AssayError, audit, type ModelVersion } from "@assay/sdk";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { digestOf, linearOfFiles, type ModelOfFiles } from "../models-of-files.ts";
import { apiKey, ServerProcess } from "../server-process.ts";
import { CuttingProxy } from "./cutting-proxy.ts";

vi.setConfig({ testTimeout: 120_000 });

let server: ServerProcess;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "assay-sdk-sets-"));
  server = await ServerProcess.start();
}, 120_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Lays a model out in a fresh folder; the path of its own file. */
function lay(model: ModelOfFiles, name = "model.onnx"): string {
  const own = join(mkdtempSync(join(folder, "model-")), name);
  writeFileSync(own, model.main);
  for (const [path, bytes] of Object.entries(model.beside)) {
    mkdirSync(dirname(join(dirname(own), path)), { recursive: true });
    writeFileSync(join(dirname(own), path), bytes);
  }
  return own;
}

async function modelsAt(url: string, options: { signal?: AbortSignal } = {}) {
  return (await new Assay({ url, apiKey, ...options }).projects.ensure("Credit")).models;
}

async function failure(promise: Promise<unknown>): Promise<AssayError> {
  const error: unknown = await promise.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (error instanceof AssayError) return error;
  throw new Error(`not an AssayError: ${String(error)}`);
}

/** Every file under a folder, by its path. */
function filesIn(root: string): Record<string, Uint8Array> {
  const names = readdirSync(root, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    names
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(root.length + 1).replaceAll("\\", "/"), new Uint8Array(readFileSync(path))]),
  );
}

const all = (model: ModelOfFiles) => ({ "model.onnx": new Uint8Array(model.main), ...model.beside });

describe("a model of several files", () => {
  it("goes up with the files that it is read from, and comes down byte for byte in the same layout", async () => {
    const model = linearOfFiles(40);
    const own = lay(model);
    writeFileSync(join(dirname(own), "README.md"), "nobody reads this");
    const models = await modelsAt(server.url);
    const fractions: number[] = [];
    const version = await models.push({ name: "set", file: own, onProgress: (part) => fractions.push(part) });
    expect(version).toMatchObject({ number: 1, fileName: "model.onnx", digest: digestOf(model.main) });
    expect(version.files).toEqual(
      Object.entries(model.beside).map(([name, bytes]) => ({ name, digest: digestOf(bytes), sizeBytes: bytes.length })),
    );
    expect(version.about.files?.map(({ name }) => name)).toEqual(["model.onnx_data", "weights/b.bin"]);
    expect(fractions.at(-1)).toBe(1);
    expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);

    const target = join(folder, "pulled");
    mkdirSync(target);
    const written = await models.pull(version, target);
    expect(written).toEqual(["model.onnx", "model.onnx_data", "weights/b.bin"].map((name) => join(target, name)));
    expect(filesIn(target)).toEqual(all(model));
    // Under another name, over what is there.
    await models.pull(version.id, join(target, "copy.onnx"));
    expect(filesIn(target)).toEqual({ ...all(model), "copy.onnx": new Uint8Array(model.main) });
  });

  it("is a new version by other weights, and the same one by the same, which are not sent again", async () => {
    const models = await modelsAt(server.url);
    const one = await models.push({ name: "weights", file: lay(linearOfFiles(50, 1)) });
    const two = await models.push({ name: "weights", file: lay(linearOfFiles(50, 2)) });
    expect([one.number, two.number]).toEqual([1, 2]);
    expect(one.digest).toBe(two.digest);
    const proxy = await CuttingProxy.start(server.url, () => false);
    const again = await (await modelsAt(proxy.url)).push({ name: "weights", file: lay(linearOfFiles(50, 1)) });
    await proxy.close();
    expect(again.id).toBe(one.id);
    expect(proxy.connections.some(({ sent }) => /PATCH|POST \/api\/v1\/uploads/.test(sent))).toBe(false);
  });

  it("that lacks a file is told by the file's name before anything is sent", async () => {
    const own = lay(linearOfFiles(30));
    rmSync(join(dirname(own), "weights/b.bin"));
    const models = await modelsAt(server.url);
    const error = await failure(models.push({ name: "lacking", file: own }));
    expect(error).toMatchObject({ code: "not-found" });
    expect(error.message).toMatch(/weights\/b\.bin/);
    // Named, and not there; and sent without it, which the server tells.
    const named = await failure(models.push({ name: "lacking", file: own, beside: ["weights/b.bin"] }));
    expect(named).toMatchObject({ code: "not-found" });
    expect(named.message).toMatch(/weights\/b\.bin/);
    const told = await failure(models.push({ name: "lacking", file: own, beside: ["model.onnx_data"] }));
    expect(told).toMatchObject({ code: "not-found" });
    expect(told.message).toMatch(/weights\/b\.bin/);
    for (const name of ["../x", "a/../../x", "C:\\x", "a\u0000", "CON"]) {
      expect(await failure(models.push({ name: "lacking", file: own, beside: [name] }))).toMatchObject({
        code: "usage",
      });
    }
    expect((await models.list()).map(({ name }) => name)).not.toContain("lacking");
  });

  it("goes on where its upload broke off, also from another program, and no version appears before all is there", async () => {
    const model = linearOfFiles(500, 3, 1000);
    const own = lay(model);
    const proxy = await CuttingProxy.start(
      server.url,
      ({ sent }) => sent.includes("PATCH /api/v1/uploads") && sent.length > 900_000,
    );
    // The program is lost with its connection.
    const stop = new AbortController();
    const lost = (await modelsAt(proxy.url)).push({ name: "broken", file: own, signal: stop.signal }).catch(() => {});
    await vi.waitFor(() => expect(proxy.cuts).toBe(1), { timeout: 120_000, interval: 20 });
    await proxy.close();
    expect((await (await modelsAt(server.url)).list()).map(({ name }) => name)).not.toContain("broken");
    const counting = await CuttingProxy.start(server.url, () => false);
    const version = await (await modelsAt(counting.url)).push({ name: "broken", file: own });
    await counting.close();
    const sent = counting.connections.reduce((sum, one) => sum + one.sent.length, 0);
    expect(sent).toBeLessThan(1_500_000);
    expect(version.files.map(({ digest }) => digest)).toEqual(Object.values(model.beside).map(digestOf));
    stop.abort();
    await lost;
  });

  it("cancelled on its way leaves nothing on the server and nothing here", async () => {
    const model = linearOfFiles(500, 4, 1000);
    const own = lay(model);
    const stop = new AbortController();
    const models = await modelsAt(server.url);
    const error = await failure(
      models.push({
        name: "cancelled",
        file: own,
        signal: stop.signal,
        onProgress: (part) => part > 0 && stop.abort(),
      }),
    );
    expect(error).toMatchObject({ code: "cancelled" });
    expect((await models.list()).map(({ name }) => name)).not.toContain("cancelled");

    const version = await models.push({ name: "whole", file: own });
    const target = mkdtempSync(join(folder, "cancelled-"));
    const leave = new AbortController();
    const proxy = await CuttingProxy.start(server.url, ({ received }) => {
      if (received.length > 400_000) leave.abort();
      return false;
    });
    const pulled = (await modelsAt(proxy.url, { signal: leave.signal })).pull(version, target);
    expect(await failure(pulled)).toMatchObject({ code: "cancelled" });
    await proxy.close();
    expect(readdirSync(target)).toEqual([]);
  });

  it("comes down from where a lost pull stopped, and whole where the part is damaged", async () => {
    const model = linearOfFiles(500, 5, 1000);
    const models = await modelsAt(server.url);
    const version = await models.push({ name: "resumed", file: lay(model) });
    const target = mkdtempSync(join(folder, "resumed-"));
    const dying = await CuttingProxy.start(server.url, ({ received }) => received.length > 1_000_000);
    const pulling = (await modelsAt(dying.url)).pull(version, target);
    const stopped = failure(pulling);
    await vi.waitFor(() => expect(dying.cuts).toBe(1), { timeout: 120_000, interval: 5 });
    await dying.close();
    expect(await stopped).toMatchObject({ code: "unreachable" });
    const [left] = readdirSync(target).filter((name) => name.includes("model.onnx_data"));
    expect(left).toMatch(/\.part$/);

    const counting = await CuttingProxy.start(server.url, () => false);
    await (await modelsAt(counting.url)).pull(version, target);
    await counting.close();
    expect(filesIn(target)).toEqual(all(model));
    expect(counting.connections.some(({ sent }) => /range: bytes=\d+-/i.test(sent))).toBe(true);
    const received = counting.connections.reduce((sum, one) => sum + one.received.length, 0);
    expect(received).toBeLessThan(1_600_000);

    // Other bytes under the name of a part are found out by the digest.
    rmSync(join(target, "model.onnx_data"));
    writeFileSync(join(target, left ?? ""), new Uint8Array(1_000_000).fill(7));
    await models.pull(version, target);
    expect(filesIn(target)).toEqual(all(model));
  });

  it("is put nowhere but in its folder, whatever names the server tells", async () => {
    const models = await modelsAt(server.url);
    const version = await models.push({ name: "safe", file: lay(linearOfFiles(20)) });
    const outside = mkdtempSync(join(folder, "outside-"));
    const target = mkdtempSync(join(folder, "inside-"));
    symlinkSync(outside, join(target, "weights"));
    const error = await failure(models.pull(version, target));
    expect(error).toMatchObject({ code: "forbidden" });
    expect(error.message).toMatch(/weights is a link/);
    expect([readdirSync(outside), readdirSync(target)]).toEqual([[], ["weights"]]);

    const { pullModel } = await import("../../packages/sdk/dist/client/pull-model.js");
    const { connect } = await import("../../packages/sdk/dist/client/connection.js");
    const hostile = (name: string, fileName = "model.onnx"): ModelVersion => ({
      ...version,
      fileName,
      files: version.files.map((file) => ({ ...file, name })).slice(0, 1),
    });
    const connection = connect({ url: server.url, apiKey });
    for (const name of ["../x", "a/../../x", "/tmp/x", "C:\\x", "..\\x", "a\u0000b", "nul", "model.onnx"]) {
      expect(await failure(pullModel(connection, hostile(name), target))).toMatchObject({ code: "usage" });
    }
    for (const fileName of ["../x", "..", "a/b", "a\\b"]) {
      expect(await failure(pullModel(connection, hostile("w", fileName), target))).toMatchObject({ code: "usage" });
    }
    expect(existsSync(join(folder, "x"))).toBe(false);
    expect(readdirSync(target)).toEqual(["weights"]);
  });

  it("is removed version by version", async () => {
    const models = await modelsAt(server.url);
    const one = await models.push({ name: "removed", file: lay(linearOfFiles(60, 1)) });
    const two = await models.push({ name: "removed", file: lay(linearOfFiles(60, 2)) });
    expect(await models.removeVersion(one)).toEqual({ model: false });
    const target = mkdtempSync(join(folder, "removed-"));
    expect(await failure(models.pull(one, target))).toMatchObject({ code: "not-found" });
    // What both share is still there.
    await models.pull(two, target);
    expect(filesIn(target)).toEqual(all(linearOfFiles(60, 2)));
    expect(await models.removeVersion(two)).toEqual({ model: true });
    expect(await failure(models.removeVersion(two))).toMatchObject({ code: "not-found" });
    expect((await models.list()).map(({ name }) => name)).not.toContain("removed");
  });

  it("gives on the server the report that it gives here, with its files", async () => {
    const own = lay(linearOfFiles(2));
    const place = dirname(own);
    const rows = Array.from(
      { length: 200 },
      (_, row) => `${row % 11},${(row * 7) % 5},${row % 2 ? "f" : "m"},${row % 3 ? 1 : 0}`,
    );
    writeFileSync(join(place, "people.csv"), `x0,x1,sex,label\n${rows.join("\n")}\n`);
    const plan = {
      version: 1 as const,
      project: "set",
      data: { file: "people.csv" },
      columns: { label: "label", positive: 1, decision: { at_least: 0.5 }, protected: ["sex"], features: ["x0", "x1"] },
      model: { file: "model.onnx" },
      audits: { "fairness.group-metrics": {} },
    };
    const local = await audit(plan, { folder: place });
    const project = await new Assay({ url: server.url, apiKey }).projects.ensure("Runs");
    const run = await project.runs.create({ plan, folder: place });
    for await (const _ of run.watch()) {
      // Waits for the end.
    }
    const report = await run.report();
    expect(report.model).toEqual(local.model);
    expect(report.model?.files?.map(({ name }) => name)).toEqual(["model.onnx_data", "weights/b.bin"]);
    expect(report.digest).toBe(local.digest);
    const [model] = await project.models.list();
    await project.models.removeVersion(model?.latest.id ?? "");
    expect((await run.report()).digest).toBe(local.digest);
    const again = await server.fetch("POST", `/runs/${run.id}/again`);
    expect([again.status, (await again.json()).message]).toEqual([
      409,
      "the model of this run was removed; push it again and start a new run",
    ]);
  });
});
