import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Assay, audit } from "@assay/sdk";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { textFolder, writeFolder } from "../../packages/models/src/transformers/folders.testing.ts";
import { imageFolder } from "../../packages/models/src/transformers/media.testing.ts";
import { apiKey, ServerProcess } from "../server-process.ts";

// Opening the model takes a process of its own, several times over; on a busy machine each of them waits.
vi.setConfig({ testTimeout: 300_000 });

let server: ServerProcess;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "assay-sdk-transformers-"));
  writeFolder(textFolder(), join(folder, "sentiment"));
  writeFolder(imageFolder(), join(folder, "pets"));
  const words = ["good film", "bad film", "he was good", "she was bad", "she was good", "film"];
  const lines = Array.from({ length: 120 }, (_, row) => {
    const text = words[(row * 5) % 6] ?? "";
    return `${text},${row % 3 === 0 ? "POSITIVE" : "NEGATIVE"},${row % 4 < 2 ? "a" : "b"}`;
  });
  writeFileSync(join(folder, "reviews.csv"), `text,label,group\n${lines.join("\n")}\n`);
  const plan = (model: string) => `version: 1
data: { file: reviews.csv }
columns: { label: label, positive: POSITIVE, protected: [group], features: [text] }
model: { file: ${model} }
audits: { fairness.group-metrics: { replicates: 200 }, impact.classification: {}, efficiency.profile: {} }
`;
  writeFileSync(join(folder, "audit.yaml"), plan("sentiment"));
  writeFileSync(join(folder, "images.yaml"), plan("pets"));
  server = await ServerProcess.start();
}, 120_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

it("a text classifier's folder goes up, gives the report that it gives here, and comes down byte for byte", async () => {
  const project = await new Assay({ url: server.url, apiKey }).projects.ensure("Reviews");
  const run = await project.runs.create({ plan: "audit.yaml", folder });
  const statuses: string[] = [];
  for await (const { status } of run.watch()) statuses.push(status);
  expect(statuses.at(-1)).toBe("completed");
  const there = await run.report();
  const here = await audit("audit.yaml", { folder });
  expect(there.environment.modelRuntime).toBe("transformers");
  expect(there.model).toEqual(here.model);
  expect(there.digest).toBe(here.digest);
  const [model] = await project.models.list();
  if (!model) throw new Error("no model");
  const copy = join(folder, "copy");
  mkdirSync(copy);
  const { latest } = await project.models.get(model.id);
  await project.models.pull(latest.id, copy);
  expect(readdirSync(copy, { recursive: true }).map(String).sort()).toEqual(
    readdirSync(join(folder, "sentiment"), { recursive: true }).map(String).sort(),
  );
  for (const name of ["config.json", "tokenizer.json", "onnx/model.onnx"]) {
    expect(readFileSync(join(copy, name)).equals(readFileSync(join(folder, "sentiment", name)))).toBe(true);
  }
});

it("a classifier of images is refused with the reason: no files lie beside the data there", async () => {
  const project = await new Assay({ url: server.url, apiKey }).projects.ensure("Pets");
  await expect(project.runs.create({ plan: "images.yaml", folder })).rejects.toMatchObject({
    code: "not-supported",
    message: expect.stringMatching(/image-classification reads files beside the data/),
  });
});
