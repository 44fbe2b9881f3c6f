import type { Program } from "./program.ts";

/**
 * A GPU adds whole multiples of a unit for each target: integers, so that every GPU, and any order, gives the same bits,
 * and with more digits than float32 sums keep. A target's unit is the power of two with which all that its blocks can
 * add up to stays within ±2^30.
 */
export interface Units {
  /** float64[targets] */
  readonly of: Float64Array;
}

/** @param tables float64 tables of the programs, [slots][codes] for each block. */
export function chooseUnits(programs: readonly Program[], tables: readonly Float64Array[], targets: number): Units {
  const reach = new Float64Array(targets);
  for (const [index, program] of programs.entries()) {
    eachSlot(program, (target, from, codes) => {
      let largest = 0;
      const table = tables[index] ?? new Float64Array(0);
      for (let code = from; code < from + codes; code++) largest = Math.max(largest, Math.abs(table[code] ?? 0));
      reach[target] = (reach[target] ?? 0) + largest;
    });
  }
  // Below the smallest normal float64 a unit would lose digits; 0 is fine with any.
  return { of: reach.map((sum) => (sum < 1e-280 ? 1e-280 : 2 ** (Math.ceil(Math.log2(sum)) - 30))) };
}

/** i32: the table in units, [codes][slots] for each block. */
export function inUnits(program: Program, table: Float64Array, units: Units): Int32Array {
  const out = new Int32Array(program.tableEntries);
  eachSlot(program, (target, from, codes, slot, slots, first) => {
    const unit = units.of[target] ?? 1;
    for (let code = 0; code < codes; code++) {
      out[first + code * slots + slot] = Math.round((table[from + code] ?? 0) / unit);
    }
  });
  return out;
}

/** float64[rows × targets] from i32[targets][rows] in units. */
export function fromUnits(sums: Int32Array, rows: number, units: Units): Float64Array {
  const targets = units.of.length;
  const out = new Float64Array(rows * targets);
  // Some rows at a time, so that what is written stays in the cache.
  const tile = 64;
  for (let first = 0; first < rows; first += tile) {
    const end = Math.min(rows, first + tile);
    for (let target = 0; target < targets; target++) {
      const unit = units.of[target] ?? 1;
      for (let row = first; row < end; row++) out[row * targets + target] = (sums[target * rows + row] ?? 0) * unit;
    }
  }
  return out;
}

/** The bits of a float32 as a number of the same order; −0 as 0. */
export function orderedBits(values: Float32Array): Uint32Array {
  const positive = values.map((value) => value + 0);
  return new Uint32Array(positive.buffer).map((bits) => (bits >>> 31 === 1 ? ~bits : bits | 0x80000000));
}

function eachSlot(
  { blocks, words }: Program,
  visit: (target: number, from: number, codes: number, slot: number, slots: number, first: number) => void,
): void {
  for (let block = 0; block < blocks * 12; block += 12) {
    const [bits = 0, targets = 0, slots = 0, first = 0] = [
      words[block + 2],
      words[block + 5],
      words[block + 6],
      words[block + 7],
    ];
    for (let slot = 0; slot < slots; slot++) {
      visit(words[targets + slot] ?? 0, first + slot * 2 ** bits, 2 ** bits, slot, slots, first);
    }
  }
}
