import { type Device, openDevice, PhiloxStream } from "@assay/compute";
import { AuditResult, type Measure } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Group } from "../../groups/groups.ts";
import { type Cells, type RunCellsOptions, runCells } from "../../testing/run-cells.ts";
import { independence } from "./independence.ts";
import { representation } from "./index.ts";
import { input } from "./settings.ts";
import { sharesOf } from "./shares.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => device.dispose());

type Settings = Omit<RunCellsOptions, "definition" | "device">;

const run = (cells: Cells, options: Settings): Promise<AuditResult> =>
  runCells(cells, { definition: representation, device, ...options });

function find({ measures }: AuditResult, about: Partial<Measure>): Measure {
  const found = measures.find((one) =>
    Object.entries(about).every(([key, value]) => JSON.stringify(one[key as keyof Measure]) === JSON.stringify(value)),
  );
  if (!found) throw new Error(`no measure ${JSON.stringify(about)}`);
  return found;
}

const texts = (result: AuditResult): Map<string, string> =>
  new Map(result.findings.map(({ id, text }) => [id, text.en]));

const repeat = (value: string | null, times: number): (string | null)[] => new Array<string | null>(times).fill(value);

describe("against a population", () => {
  it("names groups that are under-represented, absent, or not of the population, each with its rows", async () => {
    const sex = [...repeat("F", 100), ...repeat("M", 290), ...repeat("?", 10), ...repeat(null, 50)];
    const result = await run(
      { sex },
      {
        columns: { protected: ["sex"] },
        settings: { population: { sex: { F: 0.5, M: 0.48, X: 0.02 } } },
      },
    );
    // 390 rows are of groups that the population names.
    expect(find(result, { metric: "representation-ratio", group: { sex: "F" } }).value).toBeCloseTo(
      100 / 390 / 0.5,
      12,
    );
    expect(find(result, { metric: "representation-share", group: { sex: "F" } }).value).toBeCloseTo(100 / 400, 12);
    expect(find(result, { metric: "representation-ratio", group: { sex: "?" } })).toMatchObject({
      value: null,
      reason: "the population names no such group",
    });
    expect(find(result, { metric: "representation-ratio", group: { sex: "X" } })).toMatchObject({ value: 0, low: 0 });
    const distance = find(result, { metric: "representation-distance", by: ["sex"] });
    expect(distance.value).toBeCloseTo(290 / 390 - 0.48, 12);
    expect(distance.p).toBeLessThan(1e-20);
    const said = texts(result);
    expect(said.get("representation-by-sex")).toMatch(/^\*\*F is under-represented by sex\.\*\*/);
    expect(said.get("absent-by-sex")).toContain("No row is of X (2.0 % of the population, 8 rows expected)");
    expect(said.get("outside-by-sex")).toContain("? (n = 10)");
    expect(said.get("unknown-by-sex")).toContain("50 rows do not say their group");
    expect(said.get("small-groups-by-sex")).toContain("? (n = 10)");
  });

  it("says nothing against data that are drawn from it, and cannot tell where they are few", async () => {
    const population = { sex: { F: 0.5, M: 0.5 } };
    const many = await run(
      { sex: [...repeat("F", 5010), ...repeat("M", 4990)] },
      { columns: { protected: ["sex"] }, settings: { population } },
    );
    expect(many.findings[0]?.text.en).toMatch(/^\*\*The data have about the population's shares/);
    const few = await run(
      { sex: [...repeat("F", 6), ...repeat("M", 3)] },
      { columns: { protected: ["sex"] }, settings: { population } },
    );
    expect(few.findings[0]).toMatchObject({ verdict: "indeterminate" });
    // Exact: P(|F − 4.5| ≥ 1.5) of Binomial(9, 1/2) is 0.5078125; 10,000 draws are within 4 standard errors, 0.02.
    expect(find(few, { metric: "representation-distance" }).p).toBeCloseTo(0.5078125, 1);
  });

  it("refuses shares that do not add up to 1, and columns that are not protected", async () => {
    const options = (population: unknown): Settings => ({ columns: { protected: ["sex"] }, settings: { population } });
    const cells = { sex: ["F", "M"], town: ["a", "b"] };
    await expect(run(cells, options({ sex: { F: 0.5, M: 0.4 } }))).rejects.toThrow(
      /population.sex: the shares add up to 0.9;/,
    );
    await expect(run(cells, options({ town: { a: 1 } }))).rejects.toThrow(
      /"town" is not a protected column; there are "sex"/,
    );
    await expect(run(cells, options({ sex: { F: 1.2 } }))).rejects.toThrow(/population/);
    // A sum that is off by less than a millionth is a rounding.
    await expect(run(cells, options({ sex: { F: 0.3333333, M: 0.6666666 } }))).resolves.toBeDefined();
  });

  it("holds all shares at once, and 0 as the distance, in 95 % of draws, and rejects the truth in no more than 5 %", () => {
    const random = new PhiloxStream(11, 1);
    const population = new Map([
      ["a", 0.6],
      ["b", 0.3],
      ["c", 0.08],
      ["d", 0.02],
    ]);
    const runs = 1000;
    const rows = 60;
    let [rejected, held, zero] = [0, 0, 0];
    for (let draw = 0; draw < runs; draw++) {
      const counts = [0, 0, 0, 0];
      for (let row = 0; row < rows; row++) {
        const u = random.uniform();
        const group = u < 0.6 ? 0 : u < 0.9 ? 1 : u < 0.98 ? 2 : 3;
        counts[group] = (counts[group] ?? 0) + 1;
      }
      const groups = [...population.keys()].map((name, place): Group => {
        const cells = new Float64Array(9);
        cells[0] = counts[place] ?? 0;
        return { values: [name], rows: cells[0], known: true, counts: cells, weights: null };
      });
      const settings = input.parse({ replicates: 199 });
      const shares = sharesOf(
        ["g"],
        groups.filter((one) => one.rows > 0),
        population,
        settings,
        { seed: 3, stream: draw },
      );
      const [distance] = shares.measures;
      expect(distance?.method).toContain("simulation");
      if ((distance?.p ?? 1) <= 0.05) rejected++;
      if (distance?.low === 0) zero++;
      if (
        shares.groups.every(
          ({ interval, population: truth }) => interval.low <= (truth ?? 0) && (truth ?? 0) <= interval.high,
        )
      )
        held++;
    }
    // Three standard errors at 0.05.
    const error = 3 * Math.sqrt((0.05 * 0.95) / runs);
    expect(rejected / runs).toBeLessThan(0.05 + error);
    expect(rejected).toBeGreaterThan(0);
    expect(held / runs).toBeGreaterThan(0.95 - error);
    expect(zero).toBeGreaterThanOrEqual(held);
  });
});

describe("the test of independence", () => {
  it("gives scipy's p of a table with enough expected, and a permutation's near Fisher's where there are few", async () => {
    const options = { device, replicates: 20_000, seed: 5, stream: 9 };
    // scipy.stats.chi2_contingency([[30, 10, 25], [12, 28, 20]], correction=False)
    const plain = await independence([30, 10, 25, 12, 28, 20], 2, 3, options);
    expect(plain?.method).toBe("chi-square");
    expect(plain?.statistic).toBeCloseTo(16.622753464858732, 10);
    expect((plain?.p ?? 0) / 0.00024570553961655807).toBeCloseTo(1, 9);
    // scipy.stats.fisher_exact([[7, 1], [2, 6]]): 0.0405594…; X² orders these tables as their chances do.
    const few = await independence([7, 1, 2, 6], 2, 2, options);
    expect(few?.method).toBe("permutation");
    expect(Math.abs((few?.p ?? 0) - 0.04055944055944056)).toBeLessThan(0.006);
    expect(await independence([5, 0, 7, 0], 2, 2, options)).toBeNull();
  });
});

describe("edges", () => {
  it("without a missing value the difference is 0, for rules to speak of, and nothing is said", async () => {
    const sex = [...repeat("F", 100), ...repeat("M", 100)];
    const result = await run(
      { sex, age: sex.map((_, row) => row) },
      { columns: { protected: ["sex"], features: ["age"] } },
    );
    const [difference, ...more] = result.measures.filter(({ metric }) => metric === "missing-share-difference");
    expect(more).toHaveLength(0);
    expect(difference).toMatchObject({ value: 0, low: 0, by: ["sex"], n: 200 });
    expect(difference?.high).toBeLessThan(0.05);
    expect(result.tables.some(({ id }) => id === "missing")).toBe(false);
    expect(result.findings.some(({ id }) => id.startsWith("missing"))).toBe(false);
  });

  it("one group alone is told as such, and nothing is tested", async () => {
    const result = await run(
      { sex: repeat("F", 40), y: repeat("1", 40), age: Array.from({ length: 40 }, (_, row) => row) },
      { columns: { label: "y", positive: 1, protected: ["sex"], features: ["age"] } },
    );
    expect(result.findings[0]?.text.en).toMatch(/^\*\*Every row is of one group by sex\.\*\*/);
    expect(find(result, { metric: "normalized-mutual-information", feature: "age" })).toMatchObject({
      value: null,
      reason: "all rows are of one group",
    });
    expect(find(result, { metric: "base-rate-difference" }).value).toBeNull();
    expect(find(result, { metric: "proxy-strength" }).value).toBeNull();
  });

  it("rows whose group is never known, and no rows at all, have no shares", async () => {
    const unknown = await run(
      { sex: repeat(null, 5) },
      { columns: { protected: ["sex"] }, settings: { population: { sex: { F: 1 } } } },
    );
    expect(find(unknown, { metric: "representation-distance" })).toMatchObject({ value: null });
    expect(unknown.findings[0]).toMatchObject({ verdict: "indeterminate" });
    const none = await run({ sex: [] }, { columns: { protected: ["sex"] } });
    expect(find(none, { metric: "missing-share", column: "sex" })).toMatchObject({ value: null, n: 0 });
  });

  it("hostile names stay on one line without mark-up, in words, figures and tables", async () => {
    const names = ["<img src=x>", "=cmd()|A1", "**bold**\nnext", "\u202Eevil", "__proto__", "constructor"];
    const group = names.flatMap((name) => repeat(name, 40));
    const result = await run(
      { group },
      {
        columns: { protected: ["group"] },
        settings: { population: { group: { "=cmd()|A1": 0.5, constructor: 0.5 } } },
      },
    );
    expect(AuditResult.safeParse(result).success).toBe(true);
    for (const { text } of result.findings) {
      for (const words of Object.values(text)) {
        expect(words).not.toMatch(/[\n\u202E]/);
        expect(words.match(/\*\*/g)).toHaveLength(2);
      }
    }
    expect(find(result, { metric: "representation-ratio", group: { group: "constructor" } }).value).toBeCloseTo(1, 12);
    const odd = result.measures.filter(
      ({ metric, group: of }) => metric === "count" && of && Object.hasOwn(of, "group"),
    );
    expect(odd).toHaveLength(names.length);
  });

  it("10,000 groups are counted, the largest printed, and no proxies are looked for", async () => {
    const size = 10_000;
    const zip = Array.from({ length: 2 * size }, (_, row) => `z${row % size}`);
    const y = Array.from({ length: 2 * size }, (_, row) => (row % 3 === 0 ? "1" : row % 5 === 0 ? null : "0"));
    const result = await run(
      { zip, y, f: y.map((value) => value ?? "n") },
      {
        columns: { label: "y", positive: 1, protected: ["zip"], features: ["f"] },
      },
    );
    expect(result.measures.filter(({ metric }) => metric === "count")).toHaveLength(500);
    expect(find(result, { metric: "normalized-mutual-information" }).reason).toBe("more than 200 groups");
    expect(find(result, { metric: "representation-share", group: { zip: "z0" } }).n).toBe(2 * size);
  });

  it("a table of counts says what its rows would, and shards change nothing", async () => {
    const cells = {
      sex: ["F", "F", "M", "M", null],
      y: ["1", "0", "1", null, "0"],
      age: [30, 40, 50, null, 20],
    };
    const counts = [20, 30, 25, 15, 7];
    const columns = { label: "y", positive: 1, protected: ["sex"], features: ["age"] };
    const rows = Object.fromEntries(
      Object.entries(cells).map(([name, values]) => [
        name,
        values.flatMap((value, place) => new Array<string | number | null>(counts[place] ?? 0).fill(value)),
      ]),
    );
    const settings = { population: { sex: { F: 0.4, M: 0.6 } } };
    const table = await run(cells, { columns, counts, settings });
    const plain = await run(rows, { columns, settings });
    expect(table.measures).toEqual(plain.measures);
    const cut = await run(rows, { columns, settings, shards: 7 });
    expect(cut).toEqual(plain);
  });

  it("weights move shares and base rates, not missing values; equal weights change no share", async () => {
    const cells = {
      sex: [...repeat("F", 50), ...repeat("M", 50), ...repeat("M", 10)],
      y: [...repeat("1", 30), ...repeat("0", 50), ...repeat("1", 20), ...repeat(null, 10)],
      w: [...new Array<number>(50).fill(3), ...new Array<number>(50).fill(1), ...new Array<null>(10).fill(null)],
    };
    const columns = { label: "y", positive: 1, protected: ["sex"] };
    const weighted = await run(cells, { columns: { ...columns, weight: "w" } });
    expect(find(weighted, { metric: "representation-share", group: { sex: "F" } })).toMatchObject({
      value: 0.75,
      method: "goodman-effective",
    });
    expect(find(weighted, { metric: "rows-without-weight" }).value).toBe(10);
    expect(find(weighted, { metric: "missing-share", group: { sex: "M" }, column: "y" }).value).toBeCloseTo(
      10 / 60,
      12,
    );
    const even = await run(
      { ...cells, w: new Array<number>(110).fill(0.25) },
      { columns: { ...columns, weight: "w" } },
    );
    const plain = await run(cells, { columns });
    for (const sex of ["F", "M"]) {
      const [a, b] = [even, plain].map((one) => find(one, { metric: "representation-share", group: { sex } }));
      expect(a?.low).toBeCloseTo(b?.low ?? 0, 12);
      expect(a?.high).toBeCloseTo(b?.high ?? 0, 12);
    }
  });
});

describe("what gives a column away", () => {
  it("finds the feature that does, and on shuffled data claims one in no more than 5 % of runs", async () => {
    const random = new PhiloxStream(21, 4);
    let claimed = 0;
    const runs = 60;
    for (let draw = 0; draw < runs; draw++) {
      const sex = Array.from({ length: 150 }, () => (random.uniform() < 0.4 ? "F" : "M"));
      const features = ["a", "b", "c"].map((name) => [name, sex.map(() => Math.floor(random.uniform() * 40))] as const);
      const result = await run(
        { sex, ...Object.fromEntries(features) },
        {
          columns: { protected: ["sex"], features: ["a", "b", "c"] },
          settings: { replicates: 199 },
          seed: draw,
        },
      );
      if (texts(result).get("proxies-by-sex")?.includes("away.** By itself")) claimed++;
    }
    // BH holds the chance of any claim at 0.05 where nothing tells; three standard errors of 60 draws above it.
    expect(claimed / runs).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
    const sex = Array.from({ length: 300 }, (_, row) => (row % 3 === 0 ? "F" : "M"));
    const found = await run(
      {
        sex,
        height: sex.map((one, row) => (one === "F" ? 160 : 172) + (row % 10)),
        noise: sex.map((_, row) => row % 7),
      },
      { columns: { protected: ["sex"], features: ["height", "noise", "sex"] } },
    );
    expect(texts(found).get("proxies-by-sex")).toMatch(/^\*\*height gives sex away\.\*\*/);
    expect(find(found, { metric: "proxy-strength" })).toMatchObject({ reference: "height" });
    // The column itself is no proxy.
    expect(found.measures.some(({ feature }) => feature === "sex")).toBe(false);
  });

  it("every finding points at figures and tables that are there", async () => {
    const sex = Array.from({ length: 200 }, (_, row) => (row % 3 === 0 ? "F" : "M"));
    const result = await run(
      {
        sex,
        race: sex.map((_, row) => `r${row % 4}`),
        y: sex.map((_, row) => String(row % 2)),
        age: sex.map((one, row) => (one === "F" && row % 2 ? null : row)),
      },
      { columns: { label: "y", positive: 1, protected: ["sex", "race"], features: ["age"] } },
    );
    const figures = result.figures.map(({ id }) => id);
    const tables = result.tables.map(({ id }) => id);
    for (const { figure, table, measures } of result.findings) {
      if (figure !== undefined) expect(figures).toContain(figure);
      if (table !== undefined) expect(tables).toContain(table);
      for (const place of measures) expect(result.measures[place]).toBeDefined();
    }
    expect(texts(result).get("missing-by-sex-1")).toMatch(
      /^\*\*age is missing more often for some groups by sex\.\*\*/,
    );
  });
});
