import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Device, openDevice } from "@assay/compute";
import type { Column, Model } from "@assay/models";
import { openModel } from "@assay/models/node";
import { type PlanInput, readPlan } from "@assay/schema";
import { audit } from "@assay/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { writeFolder } from "../../../packages/models/src/transformers/folders.testing.ts";
import { imageFolder, writePng } from "../../../packages/models/src/transformers/media.testing.ts";
import { root } from "../../paths.ts";
import { lightgbmModel, models, sklearnModel, tensorflowModel, xgboostFromDump, xgboostModel } from "./conventions.ts";

const own = join(root, "tests/docs/models");
/** Endpoints have no framework: their page is tested with them. */
const pages = readdirSync(join(root, "docs/models"))
  .filter((name) => name !== "endpoints.md")
  .sort();
const page = (name: string): string => readFileSync(join(root, "docs/models", name), "utf8");
const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map((match) => match[1] ?? "");

const bert = JSON.parse(readFileSync(join(root, "packages/models/src/transformers/fixture/expected.json"), "utf8")) as {
  rows: { text: string; logits: number[] }[];
};

let folder: string;
let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
  folder = mkdtempSync(join(tmpdir(), "assay-pages-"));
});
afterAll(() => {
  device.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** A table's columns by name, as texts. */
function readTable(path: string): ReadonlyMap<string, string[]> {
  const [head = "", ...lines] = readFileSync(path, "utf8").trim().split("\n");
  const cells = lines.map((line) =>
    [...line.matchAll(/("([^"]*)"|[^,]*)(,|$)/g)].map((match) => match[2] ?? match[1] ?? ""),
  );
  return new Map(head.split(",").map((name, place) => [name, cells.map((row) => row[place] ?? "")]));
}

async function scoresOf(model: Model, columns: readonly Column[], place: number): Promise<number[]> {
  const { outputs } = await model.predict(columns, { device });
  const main = outputs.find((output) => output.name === model.main.name);
  if (main === undefined || main.kind === "label") throw new Error("no numbers");
  const { values, width } = main;
  return Array.from(
    { length: values.length / width },
    (_, row) => values[row * width + (width === 1 ? 0 : place)] ?? 0,
  );
}

function columnsOf(table: ReadonlyMap<string, string[]>, names: readonly string[]): Column[] {
  return names.map((name): Column => {
    const texts = table.get(name) ?? [];
    if (texts.some((text) => text !== "" && !Number.isFinite(Number(text)))) {
      const levels = [...new Set(texts)];
      return { levels, codes: Uint32Array.from(texts, (text) => levels.indexOf(text)) };
    }
    return Float64Array.from(texts, (text) => (text === "" ? Number.NaN : Math.fround(Number(text))));
  });
}

/** Puts the table and the model of a page's plan where the plan says they are, and gives the framework's own scores. */
const place: Readonly<Record<string, (folder: string, file: string) => Promise<readonly number[]>>> = {
  "hugging-face.md": async (into, file) => {
    if (file === "pets") {
      writeFolder(imageFolder(), join(into, "pets"));
      const lines = Array.from({ length: 60 }, (_, row) => {
        const pixels = Array.from({ length: 192 }, (_one, at) => (at * (31 + row)) % 256);
        writeFileSync(join(into, `${row}.png`), writePng(8, 8, pixels));
        return `${row}.png,${row % 3 === 0 ? "dog" : "cat"},${row % 2 === 0 ? "a" : "b"}`;
      });
      writeFileSync(join(into, "photos.csv"), `image,animal,camera\n${lines.join("\n")}\n`);
      return [];
    }
    cpSync(join(root, "packages/models/src/transformers/fixture"), join(into, file), { recursive: true });
    copyFileSync(join(own, "reviews.csv"), join(into, "reviews.csv"));
    const scores = new Map(
      bert.rows.map(({ text, logits }) => {
        const sum = logits.reduce((total, one) => total + Math.exp(one), 0);
        return [text, Math.exp(logits[2] ?? 0) / sum];
      }),
    );
    return (readTable(join(own, "reviews.csv")).get("text") ?? []).map((text) => scores.get(text) ?? Number.NaN);
  },
  "lightgbm.md": async (into) => applicants(into, lightgbmModel(), models.lightgbm.scores),
  "pytorch.md": async (into) => applicants(into, readFileSync(join(own, "pytorch.onnx")), models.pytorch.scores),
  "scikit-learn.md": async (into) => applicants(into, sklearnModel(), models["scikit-learn"].scores),
  "tensorflow.md": async (into, file) => {
    copyFileSync(join(own, "applicants.csv"), join(into, "applicants.csv"));
    await tensorflowModel(into, file);
    return models.tensorflow.scores;
  },
  "xgboost.md": async (into) => applicants(into, xgboostModel(), models.xgboost.scores),
};

function applicants(into: string, model: Uint8Array, scores: readonly number[]): readonly number[] {
  copyFileSync(join(own, "applicants.csv"), join(into, "applicants.csv"));
  writeFileSync(join(into, "model.onnx"), model);
  return scores;
}

const plans = pages.flatMap((name) => blocks(page(name), "yaml").map((text, at) => [name, at, text] as const));

it("has a page for each framework, each with a plan, each linked from docs/models.md", () => {
  expect(pages).toEqual(Object.keys(place).sort());
  const index = readFileSync(join(root, "docs/models.md"), "utf8");
  for (const name of pages) {
    expect(index).toContain(`(models/${name})`);
    expect(plans.some(([own]) => own === name)).toBe(true);
  }
});

describe("the plans of the pages run as they stand, and give the framework's own scores", () => {
  it.each(plans)("%s, plan %d", { timeout: 180_000 }, async (name, at, text) => {
    const plan = readPlan(text);
    const file = plan.model?.file ?? "";
    const into = join(folder, `${name}-${at}`);
    mkdirSync(into);
    const expected = (await place[name]?.(into, file)) ?? [];
    const table = readTable(join(into, plan.data.file ?? ""));
    const features = plan.columns.features;
    const model = await openModel(join(into, file), { dataFolder: into, columns: Math.max(1, features.length) });
    const names = features.length > 0 ? features : model.inputs.map((input) => input.name);
    const positive = plan.columns.positive ?? "1";
    const scores = await scoresOf(
      model,
      columnsOf(table, names),
      Math.max(0, model.main.classes?.indexOf(positive) ?? 1),
    );
    await model.dispose();
    // A transformer adds some thousand float32 products for a score, each library in its own order.
    const tolerance = name === "hugging-face.md" ? 1e-5 : 1e-6;
    for (const [row, score] of expected.entries()) {
      expect(Math.abs((scores[row] ?? Number.NaN) - score)).toBeLessThan(tolerance);
    }
    expect(scores.length).toBeGreaterThan(50);

    const audits = { "fairness.group-metrics": { replicates: 200 }, "impact.classification": {} };
    const report = await audit({ ...(parse(text) as PlanInput), audits }, { folder: into });
    expect(report.audits.map(({ status }) => status)).toEqual(["completed", "completed"]);
    const brier = report.audits
      .find(({ id }) => id === "impact.classification")
      ?.measures.find(({ metric, group }) => metric === "brier-score" && group === undefined);
    const labels = (table.get(plan.columns.label ?? "") ?? []).map((label) => (label === positive ? 1 : 0));
    const mean = labels.reduce<number>((sum, label, row) => sum + ((scores[row] ?? 0) - label) ** 2, 0) / labels.length;
    expect(brier?.value).toBeCloseTo(mean, 6);
  });
});

/** A Python here that has a library; null where none has. */
function pythonWith(...libraries: readonly string[]): string | null {
  for (const python of ["python3", "/usr/bin/python3"]) {
    const { status } = spawnSync(python, ["-c", libraries.map((one) => `import ${one}`).join("\n") || "pass"]);
    if (status === 0) return python;
  }
  return null;
}

const anyPython = pythonWith();
const pythons = pages.flatMap((name) => blocks(page(name), "python").map((text, at) => [name, at, text] as const));

describe("the lines of Python", () => {
  it.skipIf(anyPython === null).each(pythons)("of %s, block %d, are Python", (_, __, text) => {
    const { status, stderr } = spawnSync(anyPython ?? "", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], {
      input: text,
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
  });

  /** Runs a page's block beside applicants.csv, then `more`; the folder it ran in. */
  function ran(python: string, name: string, more = ""): string {
    const into = mkdtempSync(join(folder, "python-"));
    copyFileSync(join(own, "applicants.csv"), join(into, "applicants.csv"));
    const input = `${blocks(page(name), "python")[0]}\n${more}`;
    const { status, stderr } = spawnSync(python, ["-"], { cwd: into, input, encoding: "utf8" });
    expect(status, stderr).toBe(0);
    return into;
  }

  async function expectSame(into: string, model: Uint8Array, names: readonly string[]): Promise<void> {
    const table = readTable(join(into, "scored.csv"));
    const opened = await openModel(model);
    const scores = await scoresOf(opened, columnsOf(table, names), 1);
    await opened.dispose();
    const said = (table.get("python_score") ?? []).map(Number);
    expect(said).toHaveLength(300);
    for (const [row, score] of said.entries()) expect(Math.abs((scores[row] ?? Number.NaN) - score)).toBeLessThan(1e-6);
  }

  const torch = pythonWith("torch", "pandas");
  it.skipIf(torch === null)(
    "of PyTorch train and export a model that gives PyTorch's scores",
    { timeout: 120_000 },
    async () => {
      const into = ran(torch ?? "", "pytorch.md");
      await expectSame(into, readFileSync(join(into, "model.onnx")), ["age", "income", "debt"]);
    },
  );

  const xgboost = pythonWith("xgboost", "pandas");
  it.skipIf(xgboost === null)(
    "of XGBoost train a model whose trees, as onnxmltools writes them, give XGBoost's scores",
    { timeout: 120_000 },
    async () => {
      const dump = 'model.get_booster().dump_model("dump.json", with_stats=True, dump_format="json")';
      const into = ran(xgboost ?? "", "xgboost.md", dump);
      const model = xgboostFromDump(readFileSync(join(into, "dump.json"), "utf8"));
      await expectSame(into, model, ["age", "income", "debt", "years"]);
    },
  );

  const sklearn = pythonWith("sklearn", "pandas");
  it.skipIf(sklearn === null)(
    "of scikit-learn train the model that the page's plan runs",
    { timeout: 120_000 },
    async () => {
      const into = ran(sklearn ?? "", "scikit-learn.md");
      await expectSame(into, sklearnModel(), ["age", "income", "debt", "town"]);
    },
  );
});
