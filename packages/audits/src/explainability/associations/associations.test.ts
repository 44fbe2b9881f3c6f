import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openDevice, PhiloxStream } from "@assay/compute";
import type { AuditResult, PlanInput } from "@assay/schema";
import { afterAll, describe, expect, test } from "vitest";
import { type Cells, measureOf, type RunCellsOptions, runCells } from "../../testing/run-cells.ts";
import { associations } from "./index.ts";

const device = await openDevice("cpu");
afterAll(() => device.dispose());

const audit = (
  cells: Cells,
  columns: PlanInput["columns"],
  options: Pick<RunCellsOptions, "shards" | "settings" | "counts" | "seed"> = {},
): Promise<AuditResult> => runCells(cells, { definition: associations, device, columns, ...options });

const bits = (result: AuditResult, feature: string, metric = "mutual-information"): number | null =>
  measureOf(result, metric, { feature }).value;

/** Decisions that follow a rule of age and region, one in twenty turned; noise and constant tell nothing. */
function planted(rows: number, seed: number): Cells {
  const random = new PhiloxStream(seed, 1);
  const cells: Record<"age" | "region" | "noise" | "constant" | "hired", (string | number | null)[]> = {
    age: [],
    region: [],
    noise: [],
    constant: [],
    hired: [],
  };
  for (let row = 0; row < rows; row++) {
    const age = random.uniform() < 0.05 ? null : 18 + random.integer(60);
    const region = ["north", "south", "east", "west"][random.integer(4)] ?? "";
    const yes = age !== null && age > 47 && (region === "north" || region === "west");
    const turned = random.uniform() < 0.05;
    cells.age.push(age);
    cells.region.push(region);
    cells.noise.push(random.normal());
    cells.constant.push("same");
    cells.hired.push(yes !== turned ? "1" : "0");
  }
  return cells;
}

const columns = {
  decision: "hired",
  features: ["noise", "age", "region", "constant"],
} satisfies PlanInput["columns"];

describe("a planted rule", () => {
  test("is found: drivers by information, and the tree reproduces it on held-out rows", async () => {
    const result = await audit(planted(6000, 3), columns, { settings: { replicates: 1000 } });
    expect(bits(result, "age") ?? 0).toBeGreaterThan(0.1);
    expect(bits(result, "region") ?? 0).toBeGreaterThan(0.1);
    expect(measureOf(result, "mutual-information", { feature: "age" }).p_adjusted).toBeLessThan(0.01);
    expect(measureOf(result, "mutual-information", { feature: "noise" }).p_adjusted).toBeGreaterThan(0.05);
    expect(measureOf(result, "mutual-information", { feature: "constant" })).toMatchObject({
      value: null,
      reason: "constant",
    });
    const fidelity = measureOf(result, "surrogate-fidelity");
    expect(fidelity.split).toBe("held-out");
    // One in twenty is turned, and quantile bins cannot cut exactly at 47.
    expect(fidelity.value ?? 0).toBeGreaterThan(0.92);
    expect(fidelity.high ?? 0).toBeLessThan(0.97);
    expect(fidelity.n ?? 0).toBeGreaterThan(1600);
    expect(measureOf(result, "surrogate-baseline").value ?? 1).toBeLessThan(0.8);
    expect(measureOf(result, "surrogate-roc-auc").value ?? 0).toBeGreaterThan(0.9);
    const tree = result.figures.find((figure) => figure.kind === "tree");
    const tests = tree?.nodes.map((node) => node.test?.en ?? "").join("\n") ?? "";
    expect(tests).toMatch(/region is (north or west|west or north|not east or south|east or south)/);
    expect(tests).toMatch(/age [≤>] 4[678]/);
    expect(tests).not.toMatch(/noise|constant/);
    expect(result.findings.map((finding) => finding.id)).toEqual(["drivers", "tree", "features-left-out"]);
  });

  test("a protected driver is told in a finding of its own", async () => {
    const result = await audit(
      planted(4000, 5),
      { ...columns, protected: ["region"] },
      { settings: { replicates: 500 } },
    );
    const finding = result.findings.find((one) => one.id === "protected-region");
    expect(finding?.severity).toBe("high");
    expect(finding?.text["zh-CN"]).toContain("region");
  });

  test.each([1, 7, 64])("has one digest and one tree on %i shards", async (shards) => {
    const [whole, split] = await Promise.all([
      audit(planted(3000, 9), columns, { settings: { replicates: 200 } }),
      audit(planted(3000, 9), columns, { settings: { replicates: 200 }, shards }),
    ]);
    expect(split).toEqual(whole);
  });
});

describe("nothing to find", () => {
  test("p values of unrelated features are uniform, and the tree stays a root", async () => {
    const random = new PhiloxStream(11, 1);
    const features = Array.from({ length: 60 }, (_, index) => `f${index}`);
    const cells: Record<string, (string | number)[]> = { y: [] };
    for (let row = 0; row < 400; row++) cells.y?.push(random.uniform() < 0.4 ? "1" : "0");
    for (const [index, feature] of features.entries()) {
      cells[feature] = Array.from({ length: 400 }, () =>
        index % 2 === 0 ? random.normal() : `g${random.integer(1 + (index % 7))}`,
      );
    }
    const result = await audit(cells, { decision: "y", features }, { settings: { replicates: 500 } });
    const ps = features.flatMap((feature) => measureOf(result, "mutual-information", { feature }).p ?? []);
    expect(ps.length).toBeGreaterThan(50);
    const low = ps.filter((p) => p <= 0.1).length / ps.length;
    expect(low).toBeLessThan(0.25);
    expect(Math.min(...ps.map((p) => p * ps.length))).toBeGreaterThan(0.02);
    const tree = result.figures.find((figure) => figure.kind === "tree");
    expect(tree?.nodes.length).toBe(1);
    expect(measureOf(result, "surrogate-fidelity").value).toBe(measureOf(result, "surrogate-baseline").value);
    expect(result.findings.find((one) => one.id === "drivers")?.verdict).toBe("indeterminate");
  });

  test("decisions that are all the same", async () => {
    const result = await audit({ y: ["1", "1", "1"], x: [1, 2, 3] }, { decision: "y", features: ["x"] });
    expect(measureOf(result, "mutual-information", { feature: "x" })).toMatchObject({
      value: null,
      reason: "every decision is the same",
    });
  });

  test("no row has a decision", async () => {
    const result = await audit({ y: [null, null], x: [1, 2] }, { decision: "y", features: ["x"] });
    expect(measureOf(result, "missing-count").value).toBe(2);
    expect(measureOf(result, "surrogate-fidelity").value).toBeNull();
  });
});

describe("mutual information by hand", () => {
  test("equals the formula on a 3 × 2 table, plug-in and corrected", async () => {
    // a: 30 no, 10 yes; b: 20 no, 20 yes; missing: 5 no, 15 yes.
    const table: readonly (readonly [string | null, number, number])[] = [
      ["a", 30, 10],
      ["b", 20, 20],
      [null, 5, 15],
    ];
    const cells: { x: (string | null)[]; y: string[] } = { x: [], y: [] };
    for (const [x, no, yes] of table) {
      for (let row = 0; row < no + yes; row++) {
        cells.x.push(x);
        cells.y.push(row < no ? "0" : "1");
      }
    }
    const result = await audit(cells, { decision: "y", features: ["x"] }, { settings: { replicates: 200 } });
    let expected = 0;
    for (const [, no, yes] of table) {
      for (const [count, all] of [
        [no, 55],
        [yes, 45],
      ] as const) {
        expected += (count / 100) * Math.log2((count * 100) / ((no + yes) * all));
      }
    }
    expect(bits(result, "x", "mutual-information-plug-in")).toBeCloseTo(expected, 14);
    // scikit-learn 1.9.1: mutual_info_score of the same columns, in nats.
    expect((bits(result, "x", "mutual-information-plug-in") ?? 0) * Math.LN2).toBeCloseTo(0.07347885471832576, 12);
    // Miller–Madow: (cells − rows − columns + 1) / 2n = (6 − 3 − 2 + 1) / 200 nats.
    expect(bits(result, "x")).toBeCloseTo(expected - 2 / 200 / Math.LN2, 12);
  });

  test("a table of counts gives the information of its rows", async () => {
    const cells = { x: ["a", "a", "b", "b"], y: ["0", "1", "0", "1"] };
    const counts = [300, 100, 150, 250];
    const byCounts = await audit(cells, { decision: "y", features: ["x"] }, { counts, settings: { replicates: 200 } });
    const rows = (values: readonly string[]): string[] =>
      values.flatMap((one, index) => new Array<string>(counts[index] ?? 0).fill(one));
    const byRows = await audit(
      { x: rows(cells.x), y: rows(cells.y) },
      { decision: "y", features: ["x"] },
      { settings: { replicates: 200 } },
    );
    expect(bits(byCounts, "x")).toBe(bits(byRows, "x"));
    expect(measureOf(byCounts, "mutual-information", { feature: "x" }).p).toBe(
      measureOf(byRows, "mutual-information", { feature: "x" }).p,
    );
    const held = measureOf(byCounts, "surrogate-fidelity").n ?? 0;
    expect(held).toBeGreaterThan(190);
    expect(held).toBeLessThan(290);
  });
});

describe("numbers with very many values", () => {
  test("are cut at exact quantiles, whatever the shards", async () => {
    const random = new PhiloxStream(2, 1);
    const rows = 140_000;
    const x = Float64Array.from({ length: rows }, () => random.normal() * 10 ** (random.integer(5) - 2));
    const y = Array.from(x, (one) => (one > 0.25 ? "1" : "0"));
    const cells = { x: [...x], y };
    const options = { settings: { bins: 4, replicates: 200, depth: 1 } };
    const [one, seven] = [
      await audit(cells, { decision: "y", features: ["x"] }, options),
      await audit(cells, { decision: "y", features: ["x"] }, { ...options, shards: 7 }),
    ];
    expect(seven).toEqual(one);
    const sorted = x.slice().sort();
    const cuts = [1, 2, 3].map((quarter) => sorted[Math.ceil((rows * quarter) / 4) - 1] ?? 0);
    const tree = one.figures.find((figure) => figure.kind === "tree");
    const cut = Number(tree?.nodes[1]?.test?.en.replace("x ≤ ", "").replace("−", "-"));
    expect(cuts.some((exact) => Math.abs(exact - cut) <= 1e-11 * Math.abs(exact))).toBe(true);
  });
});

const compas = fileURLToPath(new URL("../../../../../../shared/data/compas-scores-two-years.csv", import.meta.url));

describe("COMPAS", () => {
  test.skipIf(!existsSync(compas))(
    "risk decisions follow prior counts, and the tree beats a constant answer",
    async () => {
      const lines = readFileSync(compas, "utf8").trim().split("\n");
      const header = lines[0]?.split(",") ?? [];
      const fields = ["race", "sex", "age", "priors_count", "c_charge_degree", "decile_score"] as const;
      const places = fields.map((field) => header.indexOf(field));
      // No comma stands inside the fields before these, so that splitting is enough here; rows where it is not are refused.
      const rows = lines
        .slice(1)
        .map((line) => line.split(","))
        .filter((row) => /^\d+$/.test(row[places[5] ?? 0] ?? ""));
      expect(rows.length).toBe(7214);
      const cells = Object.fromEntries(
        fields.map((field, index) => [field, rows.map((row) => row[places[index] ?? 0] || null)]),
      );
      const result = await audit(
        cells,
        {
          decision: { column: "decile_score", at_least: 5 },
          features: ["race", "sex", "age", "priors_count", "c_charge_degree"],
          protected: ["race", "sex"],
        },
        { settings: { replicates: 1000 } },
      );
      expect(result.findings[0]?.text.en).toMatch(/^\*\*The decision follows (priors_count|age) most\.\*\*/);
      expect(bits(result, "priors_count") ?? 0).toBeGreaterThan(bits(result, "sex") ?? 1);
      expect(measureOf(result, "surrogate-fidelity").low ?? 0).toBeGreaterThan(
        measureOf(result, "surrogate-baseline").high ?? 1,
      );
      expect(result.findings.some((finding) => finding.id === "protected-race")).toBe(true);
    },
  );
});

describe("texts", () => {
  test("values of few rows share a bin, so that no rule names a person", async () => {
    const names = Array.from({ length: 400 }, (_, row) => (row < 300 ? `person ${row}` : "Acme"));
    const y = names.map((name, row) => (name === "Acme" || row % 3 === 0 ? "1" : "0"));
    const result = await audit(
      { name: names, y },
      { decision: "y", features: ["name"] },
      { settings: { replicates: 200 } },
    );
    const tree = result.figures.find((figure) => figure.kind === "tree");
    expect(tree?.nodes.map((node) => node.test?.en)).toEqual([undefined, "name is any other value", "name is Acme"]);
    expect(JSON.stringify(result)).not.toContain("person");
  });

  test("values too rare for the tree still inform, and stand in no rule", async () => {
    // 38 rows, the feature is the decision itself; a leaf needs 20.
    const y = Array.from({ length: 38 }, (_, row) => String(row % 2));
    const result = await audit({ f: y.map((one) => `agency ${one}`), y }, { decision: "y", features: ["f"] });
    expect(bits(result, "f", "mutual-information-plug-in")).toBeCloseTo(1, 14);
    expect(measureOf(result, "mutual-information", { feature: "f" }).p_adjusted).toBeLessThan(0.001);
    expect(result.findings.find((one) => one.id === "drivers")?.text.en).toContain("**The decision follows f most.**");
    expect(JSON.stringify(result)).not.toContain("agency");
  });

  test("finer values inform one by one beside a tree that joins them, whatever the shards", async () => {
    const sizes = { big: 100, left: 8, right: 9, rare: 4, single: 1 };
    const f = Object.entries(sizes).flatMap(([name, size]) => new Array<string>(size).fill(name));
    const y = f.map((name, row) => (name === "left" ? "1" : name === "right" ? "0" : String(row % 2)));
    const options = { settings: { replicates: 200 } };
    const result = await audit({ f, y }, { decision: "y", features: ["f"] }, options);
    expect(await audit({ f, y }, { decision: "y", features: ["f"] }, { ...options, shards: 7 })).toEqual(result);
    // By hand: big, left and right by themselves, rare and single together.
    let expected = 0;
    const groups = [["big"], ["left"], ["right"], ["rare", "single"]];
    for (const group of groups) {
      for (const answer of ["0", "1"]) {
        const here = f.filter((name, row) => group.includes(name) && y[row] === answer).length;
        const size = f.filter((name) => group.includes(name)).length;
        const all = y.filter((one) => one === answer).length;
        if (here > 0) expected += (here / f.length) * Math.log2((here * f.length) / (size * all));
      }
    }
    expect(bits(result, "f", "mutual-information-plug-in")).toBeCloseTo(expected, 13);
  });
});

describe("what was not measured is told as such, never as 0", () => {
  test.each([
    [
      "a text of rare values only",
      (row: number) => `person ${row}`,
      "every value of the text stands in fewer than 5 rows",
      "都不足 5 行",
    ],
    ["a constant text", () => "same", "constant", "取值恒定"],
    ["a constant number", () => 7, "constant", "取值恒定"],
    ["nothing but missing values", () => null, "every value is missing", "所有取值均缺失"],
  ])("%s", async (_, value, reason, chinese) => {
    const x = Array.from({ length: 100 }, (_, row) => value(row));
    const y = x.map((_, row) => String(row % 2));
    const z = x.map((_, row) => (row * 7) % 10);
    const result = await audit({ x, y, z }, { decision: "y", features: ["x", "z"] }, { settings: { replicates: 200 } });
    for (const metric of ["mutual-information", "mutual-information-plug-in", "normalized-mutual-information"]) {
      const measure = measureOf(result, metric, { feature: "x" });
      expect(measure).toMatchObject({ value: null, reason });
      expect(measure.p_adjusted).toBeUndefined();
    }
    const finding = result.findings.find((one) => one.id === "features-left-out");
    expect(finding).toMatchObject({ verdict: "indeterminate" });
    expect(finding?.text.en).toContain(`**Not measured: x.** x: ${reason}.`);
    expect(finding?.text["zh-CN"]).toContain(chinese);
    expect(result.findings.find((one) => one.id === "drivers")?.text.en).not.toMatch(/None of 2|of 2 features/);
  });

  test("a text of rare values, some missing, says that only the missing are measured", async () => {
    const x = Array.from({ length: 100 }, (_, row) => (row % 2 === 0 ? null : `person ${row}`));
    const y = x.map((one) => (one === null ? "1" : "0"));
    const result = await audit({ x, y }, { decision: "y", features: ["x"] }, { settings: { replicates: 200 } });
    expect(bits(result, "x", "mutual-information-plug-in")).toBeCloseTo(1, 14);
    expect(measureOf(result, "mutual-information", { feature: "x" }).reason).toContain("only whether it is missing");
  });

  test("a number that is nearly always its largest value is no constant", async () => {
    const x = Array.from({ length: 400 }, (_, row) => (row % 20 === 0 ? row / 20 : 1000));
    const y = x.map((one) => (one < 1000 ? "1" : "0"));
    const result = await audit({ x, y }, { decision: "y", features: ["x"] }, { settings: { replicates: 200 } });
    const entropy = measureOf(result, "target-entropy").value ?? 0;
    expect(bits(result, "x", "mutual-information-plug-in")).toBeCloseTo(entropy, 13);
  });
});

describe("missing values of a feature", () => {
  test("are a bin of their own that a question can ask for", async () => {
    const x = Array.from({ length: 600 }, (_, row) => (row % 3 === 0 ? null : row % 50));
    const y = x.map((one) => (one === null ? "1" : "0"));
    const result = await audit({ x, y }, { decision: "y", features: ["x"] }, { settings: { replicates: 200 } });
    const tree = result.figures.find((figure) => figure.kind === "tree");
    expect(tree?.nodes.map((node) => node.test?.en ?? null)).toEqual([null, "x is missing", "x is not missing"]);
    expect(measureOf(result, "surrogate-fidelity").value).toBe(1);
    expect(measureOf(result, "surrogate-fidelity").low).toBeLessThan(1);
  });
});
