import { type Device, openDevice, PhiloxStream, philox } from "@assay/compute";
import { type Column, requestKey } from "@assay/dataset";
import type { Measure, PlanInput } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { preparePlan } from "../../prepare.ts";
import { numberColumn, textColumn } from "../../testing/coded-table.ts";
import { type AuditRun, runAudit } from "../../testing/run-audit.ts";
import { type Cells, runCells } from "../../testing/run-cells.ts";
import { isSound } from "../../testing/sound-run.ts";
import { mitigation } from "./index.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => device.dispose());

type Settings = Readonly<Record<string, unknown>>;

const base: PlanInput["columns"] = { label: "y", positive: "1", score: "score", protected: ["group"] };
const quick = { replicates: 199, frontier: 3 };

async function run(
  cells: Cells,
  settings: Settings = {},
  columns: PlanInput["columns"] = base,
  counts: readonly number[] | null = null,
): Promise<AuditRun> {
  const rows = Object.values(cells)[0]?.length ?? 0;
  const plan: PlanInput = {
    version: 1,
    data: counts ? { counts: "rows.csv" } : { file: "rows.csv" },
    columns,
    audits: { [mitigation.id]: { ...quick, ...settings } },
    seed: 7,
  };
  const known = Object.entries(cells).map(([name, values]) => ({
    name,
    type: values.every((value) => value === null || typeof value === "number")
      ? ("number" as const)
      : ("text" as const),
  }));
  const done = await runAudit(
    mitigation,
    plan,
    known,
    ({ requests }) => ({
      rows,
      counts: counts ? Float64Array.from(counts) : null,
      columns: Object.fromEntries(
        requests.map((request): [string, Column] => {
          const values = cells[request.column] ?? [];
          const texts = values.map((value) => (value === null ? null : String(value)));
          if (request.kind === "number")
            return [requestKey(request), numberColumn(values.map((value) => (value === null ? null : Number(value))))];
          if (request.kind === "text") return [requestKey(request), textColumn(texts)];
          const yes = request.kind === "equals" ? request.equals : [];
          return [
            requestKey(request),
            textColumn(
              texts.map((text) => (text === null ? null : yes.includes(text) ? "1" : "0")),
              ["0", "1"],
            ),
          ];
        }),
      ),
    }),
    1,
    device,
  );
  isSound(done);
  return done;
}

/** Rows of groups whose scores and base rates differ. */
function drawn(
  sizes: Readonly<Record<string, number>>,
  levels = 20,
): Record<"group" | "score" | "x" | "y", (string | number | null)[]> {
  const random = new PhiloxStream(3, 9);
  const cells = { group: [] as (string | null)[], score: [] as number[], x: [] as number[], y: [] as string[] };
  for (const [place, [name, size]] of Object.entries(sizes).entries()) {
    for (let row = 0; row < size; row++) {
      const yes = random.uniform() < 0.55 - 0.12 * place;
      const x = random.normal() + (yes ? 1.1 : 0) - 0.4 * place;
      cells.group.push(name);
      cells.y.push(yes ? "1" : "0");
      cells.x.push(x);
      cells.score.push(Math.round(levels / (1 + Math.exp(-x))) / levels);
    }
  }
  return cells;
}

function find(result: { readonly measures: readonly Measure[] }, key: Partial<Measure>): Measure {
  const found = result.measures.filter((one) =>
    (["metric", "group", "by", "split", "version"] as const).every(
      (name) => JSON.stringify(one[name]) === JSON.stringify(key[name]),
    ),
  );
  expect(found, JSON.stringify(key)).toHaveLength(1);
  return found[0] as Measure;
}

const gapOf = {
  "demographic-parity": "demographic-parity-difference",
  "equalized-odds": "equalized-odds-difference",
  "false-positive-rate-parity": "false-positive-rate-difference",
  "true-positive-rate-parity": "true-positive-rate-difference",
} as const;

const text = (result: AuditRun, name: string): string => String(result.artifacts?.[name] ?? "");
const lines = (csv: string): string[][] =>
  csv
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));

describe("thresholds", () => {
  it.each(Object.keys(gapOf) as (keyof typeof gapOf)[])(
    "keep %s on the rows learned from, to 1e-9, and within a tolerance",
    async (constraint) => {
      const cells = drawn({ a: 900, b: 700, c: 500 });
      for (const tolerance of [0, 0.05]) {
        const result = await run(cells, { constraint, tolerance });
        const key = { metric: gapOf[constraint], by: ["group"], split: "train", version: "after" };
        expect(find(result, key).value).toBeLessThan(tolerance + 1e-9);
        const before = find(result, { ...key, version: "before" }).value ?? 0;
        expect(before).toBeGreaterThan(0.05);
      }
    },
  );

  it("hold out the share asked for of every group and label, to the nearest row", async () => {
    const cells = drawn({ a: 411, b: 208 });
    const result = await run(cells, { test: 0.25 });
    for (const group of ["a", "b"]) {
      for (const label of ["0", "1"]) {
        const all = cells.group.filter((name, row) => name === group && cells.y[row] === label).length;
        const held = lines(text(result, "decisions.csv")).filter(
          ([row, split]) => split === "test" && cells.group[Number(row)] === group && cells.y[Number(row)] === label,
        );
        expect(held).toHaveLength(Math.round(all * 0.25));
      }
    }
  });

  it("take a column's word for the split, and leave other rows out", async () => {
    const cells = drawn({ a: 300, b: 300 });
    const split = cells.y.map((_, row) => (row % 10 === 0 ? null : row % 3 === 0 ? " TEST" : "train"));
    const result = await run({ ...cells, split }, { split: "split" });
    expect(find(result, { metric: "rows-without-split" }).value).toBe(60);
    for (const [row, part] of lines(text(result, "decisions.csv")).slice(1)) {
      expect(part).toBe(split[Number(row)]?.trim().toLowerCase());
    }
  });

  it("can be applied by anyone who reads thresholds.json: decisions.csv is what it says, row by row", async () => {
    const cells = drawn({ a: 700, b: 400, "": 10 });
    const result = await run(cells, { constraint: "equalized-odds" });
    const file = JSON.parse(text(result, "thresholds.json"));
    const [k0, k1] = file.draw.key as [number, number];
    for (const [row, , decision, probability] of lines(text(result, "decisions.csv")).slice(1)) {
      const place = Number(row);
      const group = file.groups.find((one: { values: { group: string } }) => one.values.group === cells.group[place]);
      const rule = (group?.rule ?? file.others) as { accept?: string; at_least?: number; probability: number }[];
      const chance = rule.reduce((sum, { accept, at_least, probability }) => {
        const takes = accept === "everybody" || (at_least !== undefined && Number(cells.score[place]) >= at_least);
        return takes ? sum + probability : sum;
      }, 0);
      expect(Math.abs(Number(probability) - chance), `row ${row}`).toBeLessThan(1e-12);
      const [w0, w1] = philox(k0 + k1 * 2 ** 32, file.draw.counter[2], place);
      const u = (w1 * 2 ** 21 + Math.floor(w0 / 2 ** 11)) / 2 ** 53;
      expect(decision, `row ${row}`).toBe(u < chance || chance >= 1 ? "1" : "0");
    }
  });

  it("hold no dust: every part of a rule has a probability, and they add up to 1", async () => {
    for (const constraint of Object.keys(gapOf)) {
      for (const tolerance of [0, 0.02]) {
        const result = await run(drawn({ a: 900, b: 700, c: 60 }), { constraint, tolerance, frontier: 0 });
        const { groups, others } = JSON.parse(text(result, "thresholds.json"));
        for (const rule of [...groups.map((one: { rule: unknown }) => one.rule), others]) {
          const shares = rule.map(({ probability }: { probability: number }) => probability);
          expect(Math.min(...shares)).toBeGreaterThan(1e-12);
          expect(shares.reduce((sum: number, share: number) => sum + share, 0)).toBeCloseTo(1, 12);
        }
      }
    }
  });

  it("say what comes from the cut alone and what from the constraint: the steps add up, and so do the people selected", async () => {
    const cells = drawn({ a: 900, b: 700 });
    const decided = cells.score.map((score) => (Number(score) >= 0.8 ? "1" : "0"));
    const result = await run(
      { ...cells, decided },
      { constraint: "demographic-parity" },
      { ...base, decision: "decided" },
    );
    for (const of of ["accuracy", "selection-rate"]) {
      const at = (step: string): Measure => find(result, { metric: `${of}-change${step}` });
      expect((at("-by-cut").value ?? 0) + (at("-by-constraint").value ?? 0)).toBeCloseTo(at("").value ?? 1, 12);
      const version = (name: string): number => find(result, { metric: of, split: "test", version: name }).value ?? 0;
      expect(version("unconstrained") - version("before")).toBeCloseTo(at("-by-cut").value ?? 1, 12);
    }
    // As good as one threshold a group can be on the rows learned from, found by trying all.
    const parts = new Map(lines(text(result, "decisions.csv")).map(([row, split]) => [row, split]));
    let best = 0;
    let rows = 0;
    for (const group of ["a", "b"]) {
      const own = cells.y.flatMap((label, row) =>
        cells.group[row] === group && parts.get(String(row)) === "train"
          ? [[Number(cells.score[row]), label] as const]
          : [],
      );
      rows += own.length;
      const right = (cut: number): number => own.filter(([score, label]) => score >= cut === (label === "1")).length;
      best += Math.max(...[...new Set(own.map(([score]) => score)), 2].map(right));
    }
    const found = find(result, { metric: "accuracy", split: "train", version: "unconstrained" }).value ?? 0;
    expect(found).toBeCloseTo(best / rows, 12);
    const selection = result.findings.find((one) => one.id === "selection");
    expect(selection?.text.en).toMatch(/^\*\*More are selected\.\*\* .* from the constraint\.$/);
    expect(selection?.text["zh-CN"]).toMatch(/^\*\*入选者增多。\*\*/);
  });

  it("draw the line of the front through points that no other beats", async () => {
    const { figures } = await run(drawn({ a: 400, b: 300, c: 200 }), { frontier: 12 });
    const front = figures.find((figure) => figure.id === "front");
    if (front?.kind !== "curves") throw new Error("no front");
    const line = front.series.find(({ label }) => label.en === "front")?.points ?? [];
    const others = front.series.find(({ label }) => label.en === "dominated")?.points ?? [];
    expect(line.length + others.length).toBeGreaterThanOrEqual(12);
    expect(others.length).toBeGreaterThan(0);
    for (const [index, [gap, worth]] of line.entries()) {
      const [gapBefore, worthBefore] = line[index - 1] ?? [-1, -1];
      if (gap !== gapBefore || worth !== worthBefore) {
        expect(gap).toBeGreaterThan(gapBefore);
        expect(worth).toBeGreaterThan(worthBefore);
      }
    }
    for (const [gap, worth] of others) {
      expect(line.some(([x, y]) => x <= gap && y >= worth)).toBe(true);
    }
  });

  it("draw a group's two marks together, in the report's order, small groups named and left out", async () => {
    const { figures } = await run(drawn({ a: 400, b: 300, few: 20 }));
    const figure = figures.find((one) => one.id === "selection-rate-before-after");
    if (figure?.kind !== "intervals") throw new Error("no figure");
    expect(figure.order).toBe("given");
    expect(figure.rows.map(({ label }) => label.en)).toEqual(["a, before", "a, after", "b, before", "b, after"]);
    expect(figure.caption.en).toContain("Not drawn, with fewer than 30 held-out rows: few.");
    expect(figure.caption["zh-CN"]).toContain("少于 30 的组未画出：few");
  });

  it("are worth less for a smaller gap along the front", async () => {
    const result = await run(drawn({ a: 1500, b: 1, c: 1, d: 1500 }), { frontier: 5 });
    const front = result.tables.find((table) => table.id === "front-points");
    const numbers = (place: number): number[] =>
      front?.rows.map(({ cells }) => {
        const cell = cells[place];
        return typeof cell === "number"
          ? cell
          : cell && typeof cell === "object" && "value" in cell
            ? (cell.value ?? 0)
            : 0;
      }) ?? [];
    expect(numbers(0)[0]).toBe(0);
    expect(numbers(1)[0]).toBeLessThan(numbers(1).at(-1) ?? 0);
    expect(numbers(2)[0]).toBeLessThan(numbers(2).at(-1) ?? 0);
    expect(result.figures.some((figure) => figure.id === "front")).toBe(true);
  });

  it("use weights: a row of weight 2 counts as two rows", async () => {
    const cells = drawn({ a: 400, b: 300 });
    const split = cells.y.map((_, row) => (row % 3 === 0 ? "test" : "train"));
    const twice = cells.y.map((_, row) => (row % 4 === 0 ? 2 : 1));
    const weighted = await run(
      { ...cells, split, w: twice },
      { split: "split", min_count: 0 },
      { ...base, weight: "w" },
    );
    const copies = cells.y.flatMap((_, row) => Array.from({ length: twice[row] ?? 1 }, () => row));
    const repeat = (values: readonly (string | number | null)[]) => copies.map((row) => values[row] ?? null);
    const repeated = await run(
      {
        group: repeat(cells.group),
        score: repeat(cells.score),
        x: repeat(cells.x),
        y: repeat(cells.y),
        split: repeat(split),
      },
      { split: "split", min_count: 0 },
    );
    expect(JSON.parse(text(weighted, "thresholds.json")).groups).toEqual(
      JSON.parse(text(repeated, "thresholds.json")).groups,
    );
    for (const version of ["before", "after"]) {
      const key = { metric: "accuracy", split: "test", version };
      expect(find(weighted, key).value).toBeCloseTo(find(repeated, key).value ?? 0, 12);
    }
  });

  it("are learned from a table of counts as from its rows", async () => {
    const cells = drawn({ a: 500, b: 400 }, 5);
    const kinds = new Map<string, number>();
    for (let row = 0; row < cells.y.length; row++) {
      const key = JSON.stringify([cells.group[row], cells.score[row], cells.y[row]]);
      kinds.set(key, (kinds.get(key) ?? 0) + 1);
    }
    const keys = [...kinds.keys()].map((key) => JSON.parse(key) as [string, number, string]);
    const result = await run(
      { group: keys.map(([group]) => group), score: keys.map(([, score]) => score), y: keys.map(([, , y]) => y) },
      {},
      base,
      [...kinds.values()],
    );
    // Three tenths of 900, each of four strata to the nearest row.
    expect(
      Math.abs((find(result, { metric: "count", split: "test", version: "after" }).value ?? 0) - 270),
    ).toBeLessThanOrEqual(2);
    expect(
      find(result, { metric: "demographic-parity-difference", by: ["group"], split: "train", version: "after" }).value,
    ).toBeLessThan(1e-9);
    expect(Object.keys(result.artifacts ?? {}).sort()).toEqual(["model.onnx", "thresholds.json"]);
  });

  it("give one report for any number of shards", async () => {
    const cells = drawn({ a: 300, b: 300 });
    const once = await runCells(cells, { definition: mitigation, device, columns: base, settings: quick });
    const cut = await runCells(cells, { definition: mitigation, device, columns: base, settings: quick, shards: 7 });
    expect(cut).toEqual(once);
  });
});

describe("edges, each a defined result", () => {
  it("one group: nothing to compare, and the rules are written", async () => {
    const result = await run(drawn({ only: 300 }));
    expect(
      find(result, { metric: "demographic-parity-difference", by: ["group"], split: "test", version: "after" }).value,
    ).toBeNull();
    expect(result.findings.find((one) => one.id === "gap")?.verdict).toBe("indeterminate");
    expect(JSON.parse(text(result, "thresholds.json")).groups).toHaveLength(1);
  });

  it("a group of 1 and rows without a group have the common rule, and say so", async () => {
    const cells = drawn({ a: 300, b: 300, lone: 1, none: 40 });
    cells.group = cells.group.map((name) => (name === "none" ? null : name));
    const result = await run(cells);
    const common = result.findings.find((one) => one.id === "common-rule");
    expect(common?.text.en).toContain("2 groups have no rule of their own");
    expect(common?.text.en).toContain("lone");
    expect(JSON.parse(text(result, "thresholds.json")).groups).toHaveLength(2);
  });

  it("no positives in a group: no true-positive rate, so the common rule under equalized odds and its own under parity", async () => {
    const cells = drawn({ a: 300, b: 300, c: 200 });
    cells.y = cells.y.map((label, row) => (cells.group[row] === "c" ? "0" : label));
    const groups = async (constraint: string): Promise<number> =>
      JSON.parse(text(await run(cells, { constraint }), "thresholds.json")).groups.length;
    expect(await groups("equalized-odds")).toBe(2);
    expect(await groups("demographic-parity")).toBe(3);
  });

  it("constant scores: everybody or nobody, or a draw between them", async () => {
    const cells = drawn({ a: 300, b: 300 });
    cells.score = cells.score.map(() => 0.5);
    const result = await run(cells, { constraint: "equalized-odds" });
    expect(
      find(result, { metric: "equalized-odds-difference", by: ["group"], split: "train", version: "after" }).value,
    ).toBeLessThan(1e-9);
  });

  it("labels of one kind alone, and missing labels and scores, which are left out and counted", async () => {
    const cells = drawn({ a: 300, b: 300 });
    cells.y = cells.y.map((_, row) => (row % 7 === 0 ? null : "1"));
    cells.score = cells.score.map((score, row) => (row % 10 === 3 ? null : score));
    const result = await run(cells, { objective: "balanced-accuracy" });
    expect(find(result, { metric: "rows-without-label" }).value).toBe(86);
    expect(find(result, { metric: "rows-without-score" }).value).toBeGreaterThan(40);
    expect(result.findings.some((one) => one.id === "left-out")).toBe(true);
  });

  it("no rows to learn from or to hold out fail with a sentence, not with numbers", async () => {
    const cells = drawn({ a: 50, b: 50 });
    await expect(run({ ...cells, split: cells.y.map(() => "train") }, { split: "split" })).rejects.toThrow(
      /no row with label and score is left to hold out; column "split" must say train or test/,
    );
  });

  it("ten thousand groups, with names that are markup, formulas and right-to-left", async () => {
    const names = ['=HYPERLINK("http://x")', "<script>alert(1)</script>", "שלום", "😀", 'a,b\n"c"'];
    const random = new PhiloxStream(4, 4);
    const group: string[] = [];
    const score: number[] = [];
    const y: string[] = [];
    for (let place = 0; place < 10_000; place++) {
      for (let row = 0; row < 4; row++) {
        group.push(names[place] ?? `group ${place}`);
        score.push(random.integer(10));
        y.push(String(random.integer(2)));
      }
    }
    const result = await run({ group, score, y }, { min_count: 2, frontier: 0 });
    expect(
      find(result, { metric: "demographic-parity-difference", by: ["group"], split: "train", version: "after" }).value,
    ).toBeLessThan(1e-9);
    expect(
      JSON.parse(text(result, "thresholds.json")).groups.some(
        (one: { values: { group: string } }) => one.values.group === names[4],
      ),
    ).toBe(true);
  }, 120_000);
});

describe("methods that learn anew", () => {
  const columns: PlanInput["columns"] = { label: "y", positive: "1", protected: ["group"], features: ["x", "group"] };
  const settings = { constraint: "demographic-parity", frontier: 3 };

  it("reweigh: label and group are independent under weights.csv, which add up to the rows", async () => {
    const cells = drawn({ a: 600, b: 500 });
    const result = await run(cells, { ...settings, method: "reweigh" }, columns);
    const sums = new Map<string, number>();
    let all = 0;
    for (const [row, weight] of lines(text(result, "weights.csv")).slice(1)) {
      const key = `${cells.group[Number(row)]} ${cells.y[Number(row)]}`;
      sums.set(key, (sums.get(key) ?? 0) + Number(weight));
      all += Number(weight);
    }
    const at = (key: string): number => (sums.get(key) ?? 0) / all;
    expect(at("a 1") / (at("a 1") + at("a 0"))).toBeCloseTo(at("b 1") / (at("b 1") + at("b 0")), 12);
    expect(all).toBeCloseTo(lines(text(result, "weights.csv")).length - 1, 6);
    expect(result.artifacts?.["model.onnx"]).toBeInstanceOf(Uint8Array);
  });

  it("resample: as many rows of each group and label as their shares alone give, and the same for the same seed", async () => {
    const cells = drawn({ a: 600, b: 500 });
    const result = await run(cells, { ...settings, method: "resample" }, columns);
    const taken = lines(text(result, "resampled.csv")).slice(1);
    const count = (group: string, label: string): number =>
      taken.reduce(
        (sum, [row, times]) =>
          cells.group[Number(row)] === group && cells.y[Number(row)] === label ? sum + Number(times) : sum,
        0,
      );
    const share = (group: string): number => count(group, "1") / (count(group, "1") + count(group, "0"));
    expect(Math.abs(share("a") - share("b"))).toBeLessThan(0.005);
    expect(text(await run(cells, { ...settings, method: "resample" }, columns), "resampled.csv")).toBe(
      text(result, "resampled.csv"),
    );
  });

  it("repair: features are alike between groups at level 1, halfway at 0.5, and ranks within a group stay", async () => {
    const cells = drawn({ a: 900, b: 900 });
    const means = async (level: number): Promise<number[]> => {
      const result = await run(cells, { ...settings, method: "repair", level }, columns);
      const rows = lines(text(result, "repaired.csv"))
        .slice(1)
        .map((line) => line.map(Number));
      const own = ["a", "b"].map((name) => rows.filter(([row]) => cells.group[row ?? 0] === name));
      for (const some of own) {
        const order = [...some].sort(([i], [j]) => Number(cells.x[i ?? 0]) - Number(cells.x[j ?? 0]));
        for (const [place, [, x]] of order.entries()) expect(x).toBeGreaterThanOrEqual(order[place - 1]?.[1] ?? -1e9);
      }
      return own.map((some) => some.reduce((sum, [, x]) => sum + (x ?? 0), 0) / some.length);
    };
    const gap = ([a = 0, b = 0]: number[]): number => Math.abs(a - b);
    const [none, half, whole] = [gap(await means(0)), gap(await means(0.5)), gap(await means(1))];
    expect(none).toBeGreaterThan(0.3);
    expect(half).toBeCloseTo(none / 2, 1);
    // Rows held out are moved by the distributions of those learned from.
    expect(whole).toBeLessThan(0.1);
  });

  it.each(["demographic-parity", "equalized-odds"] as const)(
    "reduce: %s holds on the rows learned from",
    async (constraint) => {
      const cells = drawn({ a: 900, b: 700 });
      for (const tolerance of [0.02, 0.1]) {
        const result = await run(cells, { ...settings, method: "reduce", constraint, tolerance }, columns);
        const key = { metric: gapOf[constraint], by: ["group"], split: "train", version: "after" };
        expect(find(result, key).value).toBeLessThan(tolerance + 1e-6);
        expect(find(result, { ...key, version: "before" }).value).toBeGreaterThan(0.1);
      }
    },
  );

  it("refuse tables of counts with a sentence", async () => {
    const cells = { group: ["a", "b", "a", "b"], x: [1, 2, 3, 4], y: ["0", "1", "1", "0"] };
    await expect(run(cells, { method: "reweigh", min_count: 0 }, columns, [50, 60, 70, 80])).rejects.toThrow(
      /learns from single rows, and data.counts gives tables of them/,
    );
  });
});

describe("a plan", () => {
  const known = [
    { name: "y", type: "text" },
    { name: "score", type: "number" },
    { name: "group", type: "text" },
  ] as const;
  const plan = { version: 1, data: { file: "x.csv" }, columns: base } as const;

  it("runs the audit only where it names it", async () => {
    const { checkPlan } = await import("@assay/schema");
    const ids = (prepared: ReturnType<typeof preparePlan>): string[] =>
      prepared.audits.map(({ definition }) => definition.id);
    expect(ids(preparePlan(checkPlan({ ...plan, columns: { ...base, decision: "y" } }), known))).not.toContain(
      mitigation.id,
    );
    expect(ids(preparePlan(checkPlan({ ...plan, audits: { [mitigation.id]: {} } }), known))).toEqual([mitigation.id]);
  });

  it("is refused before any work for what cannot be done, every problem with its place", async () => {
    const { checkPlan } = await import("@assay/schema");
    const problems = (settings: Settings): string[] => {
      try {
        preparePlan(checkPlan({ ...plan, audits: { [mitigation.id]: settings } }), known);
      } catch (error) {
        return (error as { problems: { at: string; message: string }[] }).problems.map(
          ({ at, message }) => `${at}: ${message}`,
        );
      }
      return [];
    };
    expect(
      problems({ by: "grup", split: "splt", method: "reduce", constraint: "true-positive-rate-parity" }).map((one) =>
        one.replace(/^.*\.(?=by|split|method|constraint)/, ""),
      ),
    ).toEqual([
      'by: "grup" is not a protected column; did you mean "group"?',
      'split: no column "splt" in data',
      "method: reduce learns from features: name columns.features",
      "constraint: reduce knows demographic-parity and equalized-odds",
    ]);
  });
});
