import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Assay, AssayError } from "@assay/sdk";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { smallTree } from "../../packages/models/src/onnx/small-models.testing.ts";
import { writeOnnx } from "../../packages/models/src/onnx/write/write-onnx.ts";
import { apiKey, ServerProcess } from "../server-process.ts";
import { CuttingProxy } from "./cutting-proxy.ts";

// Opening a model takes a process of its own; on a busy machine each of them waits.
vi.setConfig({ testTimeout: 90_000 });

let server: ServerProcess;
let folder: string;
let assay: Assay;

/** A network of 600,000 weights: large enough to be cut in the middle. */
const large = writeOnnx({
  nodes: [{ operator: "MatMul", inputs: ["X", "w"], outputs: ["Y"] }],
  initializers: [
    { name: "w", type: "float", dims: [600, 1000], values: Array.from({ length: 600_000 }, (_, index) => index % 7) },
  ],
  inputs: [{ name: "X", type: "float", dims: ["N", 600] }],
  outputs: [{ name: "Y", type: "float", dims: ["N", 1000] }],
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "assay-sdk-models-"));
  writeFileSync(join(folder, "large.onnx"), large);
  writeFileSync(join(folder, "tree.onnx"), smallTree());
  writeFileSync(join(folder, "bad.onnx"), large.subarray(0, 5000));
  server = await ServerProcess.start();
  assay = new Assay({ url: server.url, apiKey });
}, 120_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const projectOf = (client: Assay) => client.projects.ensure("Credit");

async function failure(promise: Promise<unknown>): Promise<AssayError> {
  const error: unknown = await promise.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (error instanceof AssayError) return error;
  throw new Error(`not an AssayError: ${String(error)}`);
}

describe("models", () => {
  it("go up where a cut connection stopped, and come down byte for byte through another cut", async () => {
    const up = await CuttingProxy.start(
      server.url,
      ({ sent }) => sent.includes("PATCH /api/v1/uploads") && sent.length > 500_000,
    );
    const fractions: number[] = [];
    const { models } = await projectOf(new Assay({ url: up.url, apiKey }));
    const version = await models.push({
      name: "scorecard",
      file: join(folder, "large.onnx"),
      card: { owner: "risk" },
      onProgress: (fraction) => fractions.push(fraction),
    });
    await up.close();
    expect(up.cuts).toBe(1);
    expect(fractions.at(-1)).toBe(1);
    expect(version).toMatchObject({
      number: 1,
      card: { owner: "risk" },
      digest: `sha256:${createHash("sha256").update(large).digest("hex")}`,
      about: { parameters: 600_000, structure: "network" },
    });

    const down = await CuttingProxy.start(
      server.url,
      ({ sent, received }) => sent.includes("/model-versions/") && received.length > 500_000,
    );
    const copy = join(folder, "copy.onnx");
    await (await projectOf(new Assay({ url: down.url, apiKey }))).models.pull(version, copy);
    await down.close();
    expect(down.cuts).toBe(1);
    expect(readFileSync(copy).equals(large)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("pushed again are the version that is there; without a name, whichever model has it", async () => {
    const { models } = await projectOf(assay);
    const first = await models.push({ name: "trees", file: join(folder, "tree.onnx") });
    expect((await models.push({ name: "trees", file: join(folder, "tree.onnx") })).id).toBe(first.id);
    expect((await models.push({ file: join(folder, "tree.onnx") })).id).toBe(first.id);
    const described = await models.describe(first, { card: { licence: "MIT" } });
    expect(described.card.licence).toBe("MIT");
    expect((await models.get("trees")).versions.map((version) => version.id)).toEqual([first.id]);
    expect((await models.list()).map((model) => model.name)).toContain("trees");
    expect(await failure(models.get("nothing"))).toMatchObject({ code: "not-found" });
  });

  it("that are bad, gone or have nowhere to go are told so, and leave nothing behind", async () => {
    const { models } = await projectOf(assay);
    const bad = await failure(models.push({ name: "bad", file: join(folder, "bad.onnx") }));
    expect(bad).toMatchObject({ code: "model-invalid" });
    expect(bad.message).toMatch(/bad\.onnx/);
    expect(await failure(models.push({ file: join(folder, "none.onnx") }))).toMatchObject({ code: "not-found" });
    expect((await failure(models.push({ file: folder }))).message).toMatch(/is a folder/);
    const { latest } = await models.get("trees");
    expect(await failure(models.pull("nothing", join(folder, "x.onnx")))).toMatchObject({ code: "not-found" });
    expect(await failure(models.pull(latest, join(folder, "none", "x.onnx")))).toMatchObject({ code: "not-found" });
    expect((await models.list()).map((model) => model.name)).not.toContain("bad");
    expect(readdirSync(folder).sort()).toEqual(["bad.onnx", "copy.onnx", "large.onnx", "tree.onnx"]);
  });
});
