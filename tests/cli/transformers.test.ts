import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Report } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallTree } from "../../packages/models/src/onnx/small-models.testing.ts";
import {
  logitsByHand,
  sentiment,
  softmaxByHand,
  textFolder,
  writeFolder,
} from "../../packages/models/src/transformers/folders.testing.ts";
import { audioFolder, imageFolder, writePng, writeWav } from "../../packages/models/src/transformers/media.testing.ts";
import { assay, assayProcess } from "./assay.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-transformers-"));
  writeFolder(textFolder(), join(folder, "sentiment"));
  writeFolder(imageFolder(), join(folder, "pets"));
  writeFolder(audioFolder(), join(folder, "voices"));
  writeFileSync(join(folder, "reviews.csv"), reviews());
  writeFileSync(join(folder, "reviews.yaml"), plan("reviews.csv", "sentiment", "text", "POSITIVE", "gender"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function plan(data: string, model: string, column: string, positive: string, group: string, more = ""): string {
  return `version: 1
project: test
data: { file: ${data} }
columns: { label: label, positive: ${positive}, protected: [${group}], features: [${column}] }
model: { file: ${model} }
audits:
  fairness.group-metrics: { replicates: 200 }
  impact.classification: {}
  fairness.impact-ratio: {}
  explainability.permutation-importance: { repeats: 4 }
  efficiency.profile: {}
${more}`;
}

const words = ["good", "bad", "film"] as const;

/** The texts of a table of 400 reviews: the sentiment model hears "he" as worse than "she". */
function textOf(row: number): readonly string[] {
  const said = Array.from(
    { length: 1 + (row % 4) },
    (_, at) => words[(row * 5 + at * at * 7 + (row >> 3)) % 3] ?? "film",
  );
  return [row % 2 === 0 ? "she" : "he", "was", ...said];
}

function reviews(): string {
  const lines = Array.from({ length: 400 }, (_, row) => {
    const text = textOf(row);
    const good = text.filter((word) => word === "good").length;
    const bad = text.filter((word) => word === "bad").length;
    return `${text.join(" ")},${good > bad || row % 11 === 0 ? "POSITIVE" : "NEGATIVE"},${row % 2 === 0 ? "female" : "male"}`;
  });
  return `text,label,gender\n${lines.join("\n")}\n${`she was ${"good ".repeat(30)}`.trim()},POSITIVE,female\n`;
}

async function run(file: string, out: string, ...args: readonly string[]): Promise<Report> {
  const ran = await assay(["run", file, "--out", out, ...args], { cwd: folder });
  expect(ran.stderr.replaceAll(/^ *\d+ % .*\n/gm, "")).toBe("");
  expect(ran.code).toBe(0);
  return Report.parse(JSON.parse(readFileSync(join(folder, out, "report.json"), "utf8")));
}

describe("assay run with a Hugging Face folder", () => {
  it("audits a text classifier: what it decides is what its words make by hand", { timeout: 180_000 }, async () => {
    const report = await run("reviews.yaml", "text", "--format", "md,html");
    expect(report.environment.modelRuntime).toBe("transformers");
    expect(report.model).toMatchObject({
      file: "config.json",
      format: "transformers",
      classes: ["NEGATIVE", "POSITIVE"],
    });
    expect(report.model?.files?.map((file) => file.name)).toEqual([
      "onnx/model.onnx",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
    expect(report.audits.map(({ id, status }) => [id, status])).toEqual(
      report.audits.map(({ id }) => [id, "completed"]),
    );
    const positive = [0, 1].map((half) => {
      const own = Array.from({ length: 400 }, (_, row) => row)
        .filter((row) => row % 2 === half)
        .map((row) => softmaxByHand(logitsByHand(sentiment, textOf(row)))[1] ?? Number.NaN);
      return own.filter((score) => score >= 0.5).length;
    });
    const rate = (gender: string) =>
      report.audits
        .find(({ id }) => id === "fairness.group-metrics")
        ?.measures.find(({ metric, group }) => metric === "selection-rate" && group?.gender === gender);
    // The long text is the 201st of women; it is good however it is cut.
    expect(rate("female")?.value).toBeCloseTo(((positive[0] ?? 0) + 1) / 201, 12);
    expect(rate("male")?.value).toBeCloseTo((positive[1] ?? 0) / 200, 12);
    const importance = report.audits
      .find(({ id }) => id === "explainability.permutation-importance")
      ?.measures.find(({ metric, feature }) => metric === "permutation-importance" && feature === "text");
    expect(importance?.value).toBeGreaterThan(0.1);
    expect(report.data.warnings.map((text) => text.en)).toEqual([
      "1 text is longer than the 16 tokens that the model reads (up to 34); what lies beyond was left out.",
    ]);
    const page = readFileSync(join(folder, "text", "report.md"), "utf8");
    expect(page).toContain("A text of 16 tokens costs");
    expect(page).toContain("longer than the 16 tokens");
    const chinese = await assay(["run", "reviews.yaml", "--out", "zh", "--format", "md", "--lang", "zh-CN"], {
      cwd: folder,
    });
    expect(chinese.code).toBe(0);
    const seite = readFileSync(join(folder, "zh", "report.md"), "utf8");
    expect(seite).toContain("有 1 段不同的文本超出模型可读的 16 个词元");
    expect(seite).toContain("一段 16 个词元的文本");
  });

  it("gives one digest on any shards and threads", { timeout: 180_000 }, async () => {
    const reports = [
      await run("reviews.yaml", "one", "--shards", "1", "--threads", "1"),
      await run("reviews.yaml", "seven", "--shards", "7", "--threads", "2"),
    ];
    expect(reports[1]?.digest).toBe(reports[0]?.digest);
    const verified = await assay(["verify", join("one", "report.json"), "--plan", "reviews.yaml"], { cwd: folder });
    expect([verified.stderr.replaceAll(/^ *\d+ % .*\n/gm, ""), verified.code]).toEqual(["", 0]);
  });

  it("audits a classifier of images that lie beside the data, and tells them by digest", {
    timeout: 180_000,
  }, async () => {
    mkdirSync(join(folder, "images"), { recursive: true });
    const lines = Array.from({ length: 120 }, (_, row) => {
      const seed = row % 40;
      const pixels = Array.from({ length: 192 }, (_, at) => (at * (37 + seed) + seed * 91) % 256);
      writeFileSync(join(folder, "images", `${seed}.png`), writePng(8, 8, pixels));
      return `images/${seed}.png,${seed % 2 === 0 ? "cat" : "dog"},${row % 3 === 0 ? "a" : "b"}`;
    });
    writeFileSync(join(folder, "pets.csv"), `image,label,group\n${lines.join("\n")}\n`);
    writeFileSync(join(folder, "pets.yaml"), plan("pets.csv", "pets", "image", "dog", "group"));
    const report = await run("pets.yaml", "pets-out");
    expect(report.audits.every(({ status }) => status === "completed")).toBe(true);
    expect(report.data.warnings[0]?.en).toMatch(
      /^The model read 40 files that the data name, \d+ bytes\. .*sha256:[0-9a-f]{64}\.$/,
    );
    // Another image is another report, though the table is the same.
    writeFileSync(join(folder, "images", "0.png"), writePng(8, 8, new Array(192).fill(9)));
    const changed = await run("pets.yaml", "pets-changed");
    expect(changed.data.digest).toBe(report.data.digest);
    expect(changed.sections.data).not.toBe(report.sections.data);
  });

  it("audits a classifier of sounds, and tells the row of one that is missing", { timeout: 180_000 }, async () => {
    const lines = Array.from({ length: 80 }, (_, row) => {
      const samples = Array.from({ length: 40 + row }, (_, at) => Math.sin(at / (1 + (row % 7))) / (1 + (row % 3)));
      writeFileSync(join(folder, `${row}.wav`), writeWav(samples, { rate: 100 }));
      return `${row}.wav,${row % 2 === 0 ? "calm" : "angry"},${row % 3 === 0 ? "a" : "b"}`;
    });
    writeFileSync(join(folder, "voices.csv"), `audio,label,group\n${lines.join("\n")}\n`);
    // The model's input has the column's name: features may be left out.
    const text = plan("voices.csv", "voices", "audio", "angry", "group").replace(", features: [audio]", "");
    writeFileSync(join(folder, "voices.yaml"), text);
    const report = await run("voices.yaml", "voices-out");
    expect(report.audits.every(({ status }) => status === "completed")).toBe(true);
    rmSync(join(folder, "41.wav"));
    const ran = await assay(["run", "voices.yaml", "--out", "gone"], { cwd: folder });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/voices: row 42 of those used: "41\.wav" is not there/);
  });

  it("loads Transformers.js for such a model only", { timeout: 180_000 }, async () => {
    writeFileSync(join(folder, "tree.onnx"), smallTree());
    writeFileSync(
      join(folder, "numbers.csv"),
      `a,b,label,group\n${Array.from({ length: 60 }, (_, row) => `${row % 3},${row % 5},${row % 2},${row % 4 < 2 ? "x" : "y"}`).join("\n")}\n`,
    );
    const tree = `version: 1
data: { file: numbers.csv }
columns: { label: label, positive: 1, protected: [group], features: [a, b] }
model: { file: tree.onnx }
audits: { impact.classification: {} }
`;
    writeFileSync(join(folder, "tree.yaml"), tree);
    // Transformers.js brings the image library sharp, whose native code a process tells among its own.
    const hook = join(folder, "hook.mjs");
    writeFileSync(
      hook,
      `import { writeFileSync } from "node:fs";
process.on("exit", () => {
  const loaded = process.report.getReport().sharedObjects.filter((one) => /sharp/.test(one));
  writeFileSync(process.env.LOADED, JSON.stringify(loaded));
});`,
    );
    const loaded = async (file: string) => {
      const told = join(folder, `${file}.loaded`);
      const env = { NODE_OPTIONS: `--import ${hook}`, LOADED: told };
      expect((await assayProcess(["run", file, "--out", `${file}-out`], { cwd: folder, env })).code).toBe(0);
      return (JSON.parse(readFileSync(told, "utf8")) as string[]).length;
    };
    expect(await loaded("tree.yaml")).toBe(0);
    expect(await loaded("reviews.yaml")).toBeGreaterThan(0);
  });

  it("times calls of few rows, since each row is run alone", { timeout: 180_000 }, async () => {
    const text = plan("reviews.csv", "sentiment", "text", "POSITIVE", "gender").replace(
      "efficiency.profile: {}",
      "efficiency.latency: { seconds: 0.5 }",
    );
    writeFileSync(join(folder, "latency.yaml"), text);
    const report = await run("latency.yaml", "latency-out");
    const timed = report.audits.find(({ id }) => id === "efficiency.latency");
    expect(timed?.status).toBe("completed");
    const table = JSON.stringify(timed?.tables ?? []);
    expect(table).toContain("it prepares each text, and ONNX Runtime runs onnx/model.onnx (fp32) on the processor");
    expect(table).not.toMatch(/[^\d.]4096[^\d]/);
  });

  it("tells a folder that holds no model", async () => {
    mkdirSync(join(folder, "empty"), { recursive: true });
    writeFileSync(join(folder, "empty.yaml"), plan("reviews.csv", "empty", "text", "POSITIVE", "gender"));
    const ran = await assay(["run", "empty.yaml"], { cwd: folder });
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(/empty: is a folder without config\.json/)]);
  });
});
