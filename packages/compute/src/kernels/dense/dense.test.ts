import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Device } from "../../device.ts";
import { type PermutedView, uploadTable } from "../../device-table.ts";
import { type Activation, activations, type Network } from "../../network.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { firstDifference } from "../first-difference.testing.ts";
import { loadNetwork, predictNetwork, predictShifted, prepareNetwork } from "./index.ts";
import { type Bounded, logistic, predictReference, shiftReference } from "./reference.ts";

/** Layers of the given widths, with numbers as trained networks have them. */
function randomNetwork(random: PhiloxStream, widths: readonly number[], kinds: readonly Activation[]): Network {
  return widths.slice(1).map((outputs, layer) => {
    const inputs = widths[layer] ?? 0;
    const scale = 2 / Math.sqrt(inputs);
    return {
      inputs,
      outputs,
      weights: Float32Array.from({ length: inputs * outputs }, () => scale * (2 * random.uniform() - 1)),
      bias: Float32Array.from({ length: outputs }, () => random.uniform() - 0.5),
      activation: kinds[layer] ?? "identity",
    };
  });
}

function randomColumns(random: PhiloxStream, columns: number, rows: number): Float32Array[] {
  return Array.from({ length: columns }, () => Float32Array.from({ length: rows }, () => 6 * random.uniform() - 3));
}

function uploadView(device: Device, slotOf: readonly number[], rows: readonly Uint32Array[]): PermutedView {
  const length = rows[0]?.length ?? 0;
  const buffer = device.allocate(rows.length * length * 4);
  device.upload(buffer, Uint32Array.from(rows.flatMap((slot) => [...slot])));
  return {
    device,
    buffer,
    rows: length,
    slots: rows.length,
    slotOf: Int32Array.from(slotOf),
    free: () => buffer.free(),
  };
}

/** Where an array first leaves the bounds, in words; null where it never does. */
function outside(actual: Float32Array, { values, bounds }: Bounded): string | null {
  if (actual.length !== values.length) return `${actual.length} values, expected ${values.length}`;
  for (const [index, value] of actual.entries()) {
    const expected = values[index] ?? 0;
    const inside = Number.isNaN(expected) ? Number.isNaN(value) : Math.abs(value - expected) <= (bounds[index] ?? 0);
    if (!inside) return `[${index}] is ${value}, expected ${expected} ± ${bounds[index]}`;
  }
  return null;
}

const networks = fc.record({
  seed: fc.nat(1e6),
  widths: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 5 }),
  kinds: fc.array(fc.constantFrom(...activations.filter((kind) => kind !== "softmax")), { minLength: 4, maxLength: 4 }),
  last: fc.constantFrom(...activations),
  rows: fc.integer({ min: 1, max: 150 }),
});

for (const { label, name, missing, slow, open } of testDevices) {
  describe.skipIf(missing !== null)(`dense on ${label}`, () => {
    it("runs on the device asked for and predicts within the stated bound of the reference", async () => {
      const device = await open();
      expect(device.name).toBe(name);
      await fc.assert(
        fc.asyncProperty(networks, async ({ seed, widths, kinds, last, rows }) => {
          const random = new PhiloxStream(seed, 0);
          const network = randomNetwork(random, widths, [...kinds.slice(0, widths.length - 2), last]);
          const columns = randomColumns(random, widths[0] ?? 0, rows);
          const loaded = loadNetwork(device, network);
          const table = uploadTable(device, columns);
          const predictions = await predictNetwork(loaded, table);
          expect(outside(predictions, predictReference(network, columns))).toBeNull();
          table.free();
          loaded.free();
        }),
        { seed: 3, numRuns: slow ? 15 : 150 },
      );
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("reads columns through a view, and gets there by changing the first layer's sums as well", async () => {
      const device = await open();
      await fc.assert(
        fc.asyncProperty(networks, async ({ seed, widths, kinds, last, rows }) => {
          const random = new PhiloxStream(seed, 1);
          const network = randomNetwork(random, widths, [...kinds.slice(0, widths.length - 2), last]);
          const columns = randomColumns(random, widths[0] ?? 0, rows);
          const slotOf = columns.map(() => random.integer(4) - 2);
          const slots = [0, 1].map(() => Uint32Array.from({ length: rows }, () => random.integer(rows)));
          const loaded = loadNetwork(device, network);
          const table = uploadTable(device, columns);
          const view = uploadView(
            device,
            slotOf.map((slot) => Math.max(slot, -1)),
            slots,
          );
          const source = (column: number, row: number) => slots[slotOf[column] ?? -1]?.[row] ?? row;
          const viewed = await predictNetwork(loaded, table, { view });
          expect(outside(viewed, predictReference(network, columns, source))).toBeNull();
          const prepared = await prepareNetwork(loaded, table);
          expect(firstDifference(prepared.predictions, await predictNetwork(loaded, table))).toBeNull();
          for (let round = 0; round < 2; round++) {
            const shifted = await predictShifted(prepared, view);
            expect(outside(shifted, shiftReference(network, columns, source))).toBeNull();
          }
          for (const one of [prepared, view, table, loaded]) one.free();
        }),
        { seed: 4, numRuns: slow ? 10 : 100 },
      );
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it.each([["logistic", logistic] as const, ["tanh", Math.tanh] as const])(
      "gives %s within 2 units of the last place",
      async (activation, exact) => {
        const device = await open();
        const one = { inputs: 1, outputs: 1, weights: Float32Array.of(1), bias: new Float32Array(1), activation };
        const count = slow ? 2000 : 200_000;
        const random = new PhiloxStream(5, 0);
        const x = Float32Array.from({ length: count }, (_, index) => {
          const size = index % 2 === 0 ? 2 ** (40 * random.uniform() - 30) : 20 * random.uniform();
          return random.uniform() < 0.5 ? -size : size;
        });
        x.set([0, -0, 0.625, -0.625, 87, -87, 1e30, -1e30, 3e38]);
        const loaded = loadNetwork(device, [one]);
        const table = uploadTable(device, [x]);
        const y = await predictNetwork(loaded, table);
        let worst = 0;
        for (const [index, value] of y.entries()) {
          const expected = exact(x[index] ?? 0);
          // Below 2^-126 a GPU may give 0.
          if (Math.abs(expected) < 2 ** -126) expect(Math.abs(value)).toBeLessThanOrEqual(2 ** -126);
          else
            worst = Math.max(worst, Math.abs(value - expected) / 2 ** (Math.floor(Math.log2(Math.abs(expected))) - 23));
        }
        expect(worst).toBeGreaterThan(0.4);
        expect(worst).toBeLessThanOrEqual(2);
        for (const thing of [table, loaded]) thing.free();
        device.dispose();
      },
    );

    it("gives a row the same bits wherever it stands and however the rows are cut", async () => {
      const device = await open();
      const rows = slow ? 700 : 66_000;
      const random = new PhiloxStream(6, 0);
      const network = randomNetwork(random, [5, 9, 3], ["tanh", "softmax"]);
      const columns = randomColumns(random, 5, rows);
      const loaded = loadNetwork(device, network);
      const whole = uploadTable(device, columns);
      const all = await predictNetwork(loaded, whole);
      for (const [first, last] of [
        [0, 1],
        [3, 4],
        [13, 190],
        [rows - 600, rows],
      ] as const) {
        const part = uploadTable(
          device,
          columns.map((column) => column.slice(first, last)),
        );
        const some = await predictNetwork(loaded, part);
        expect(firstDifference(some, all.subarray(first * 3, last * 3))).toBeNull();
        part.free();
      }
      const rowsAtOnce = slow ? 200 : 9_999;
      expect(firstDifference(await predictNetwork(loaded, whole, { rowsAtOnce }), all)).toBeNull();
      const prepared = await prepareNetwork(loaded, whole, { rowsAtOnce });
      expect(prepared.sums.length).toBeGreaterThan(2);
      expect(firstDifference(prepared.predictions, all)).toBeNull();
      const back = Uint32Array.from({ length: rows }, (_, row) => rows - 1 - row);
      const view = uploadView(device, [-1, 0, -1, 0, -1], [back]);
      const source = (column: number, row: number) => (column % 2 === 1 ? rows - 1 - row : row);
      const shifted = await predictShifted(prepared, view);
      expect(outside(shifted, shiftReference(network, columns, source))).toBeNull();
      for (const one of [view, prepared, whole, loaded]) one.free();
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("gives NaN for exactly the rows that have a value missing or infinite", async () => {
      const device = await open();
      const random = new PhiloxStream(7, 0);
      const network = randomNetwork(random, [3, 5, 2], ["relu", "softmax"]);
      const columns = randomColumns(random, 3, 30);
      const [first, second, third] = columns;
      first?.set([Number.NaN], 4);
      second?.set([Number.POSITIVE_INFINITY], 11);
      third?.set([Number.NEGATIVE_INFINITY], 29);
      const loaded = loadNetwork(device, network);
      const table = uploadTable(device, columns);
      const predictions = await predictNetwork(loaded, table);
      const odd = [...predictions.entries()].filter(([, value]) => Number.isNaN(value)).map(([index]) => index);
      expect(odd).toEqual([8, 9, 22, 23, 58, 59]);
      expect(outside(predictions, predictReference(network, columns))).toBeNull();
      await expect(prepareNetwork(loaded, table)).rejects.toThrow(/row 4 has a value that is missing or infinite/);
      table.free();
      loaded.free();
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("predicts nothing for no rows", async () => {
      const device = await open();
      const loaded = loadNetwork(device, randomNetwork(new PhiloxStream(8, 0), [2, 3], ["relu"]));
      const table = uploadTable(device, [new Float32Array(0), new Float32Array(0)]);
      expect(await predictNetwork(loaded, table)).toEqual(new Float32Array(0));
      const prepared = await prepareNetwork(loaded, table);
      const view = uploadView(device, [0, -1], [new Uint32Array(0)]);
      expect(await predictShifted(prepared, view)).toEqual(new Float32Array(0));
      for (const one of [view, prepared, table, loaded]) one.free();
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });
  });
}

describe("a network's numbers", () => {
  const layer = (inputs: number, outputs: number, activation: Activation = "relu") => ({
    inputs,
    outputs,
    weights: new Float32Array(inputs * outputs),
    bias: new Float32Array(outputs),
    activation,
  });
  const cpu = testDevices.find((one) => one.name === "cpu");

  it.each<[RegExp, Network]>([
    [/it has no layers/, []],
    [/layers\[1\] has 3 inputs, the layer before it 4 outputs/, [layer(2, 4), layer(3, 1)]],
    [/layers\[0\]\.outputs must be an integer from 1, got 0/, [layer(2, 0)]],
    [/layers\[0\] is followed by softmax/, [layer(2, 4, "softmax"), layer(4, 1)]],
    [/layers\[0\] has 3 weights, 2 inputs × 1 outputs need 2/, [{ ...layer(2, 1), weights: new Float32Array(3) }]],
    [/layers\[0\] has 2 biases for 1 outputs/, [{ ...layer(2, 1), bias: new Float32Array(2) }]],
    [/layers\[1\]\.weights\[1, 0\] is NaN/, [layer(1, 2), { ...layer(2, 1), weights: Float32Array.of(0, Number.NaN) }]],
    [/layers\[0\]\.bias\[0\] is Infinity/, [{ ...layer(1, 1), bias: Float32Array.of(Number.POSITIVE_INFINITY) }]],
  ])("are refused with their place: %s", async (message, network) => {
    const device = await cpu?.open();
    if (!device) throw new Error("no cpu device");
    expect(() => loadNetwork(device, network)).toThrow(message);
    expect(device.allocatedBytes).toBe(0);
  });

  it("are refused beside a table or view they do not fit", async () => {
    const device = await cpu?.open();
    const other = await cpu?.open();
    if (!device || !other) throw new Error("no cpu device");
    const loaded = loadNetwork(device, [layer(2, 1)]);
    const narrow = uploadTable(device, [new Float32Array(1)]);
    await expect(predictNetwork(loaded, narrow)).rejects.toThrow(/takes 2 inputs, the table has 1 columns/);
    await expect(prepareNetwork(loaded, narrow)).rejects.toMatchObject({ code: "data-invalid" });
    const elsewhere = uploadTable(other, [new Float32Array(1), new Float32Array(1)]);
    await expect(predictNetwork(loaded, elsewhere)).rejects.toThrow(/another device/);
    const table = uploadTable(device, [new Float32Array(1), new Float32Array(1)]);
    await expect(predictNetwork(loaded, table, { rowsAtOnce: 0 })).rejects.toThrow(/rowsAtOnce must be an integer/);
    const view = uploadView(device, [0], [new Uint32Array(1)]);
    await expect(predictNetwork(loaded, table, { view })).rejects.toThrow(/a view of 1 rows and 1 columns on cpu/);
  });
});
