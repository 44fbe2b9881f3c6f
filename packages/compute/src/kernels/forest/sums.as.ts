import { Header, section, Tree } from "./model.as";

/** Begins the sums of `rows` rows with the base values. */
export function beginSums(model: usize, sums: usize, rows: u32): void {
  const outputs = load<u32>(model + Header.outputs);
  const base = section(model, Header.base);
  const sizeBytes = <usize>outputs << 3;
  for (let row: u32 = 0; row < rows; row++) {
    memory.copy(sums, base, sizeBytes);
    sums += sizeBytes;
  }
}

@inline function add(sum: usize, value: i64): void {
  store<i64>(sum, load<i64>(sum) + value);
}

/** Adds, for `rows` rows, the leaves that `slots` tell, counted in `tree`. */
export function addSlots(model: usize, tree: usize, slots: usize, rows: u32, sums: usize): void {
  const outputs = <usize>load<u32>(model + Header.outputs);
  const first = load<u32>(tree + Tree.slot);
  const ranges = load<u32>(model + Header.ranges);
  const end = slots + (<usize>rows << 2);
  if (ranges == 0) {
    const values = section(model, Header.values) + (<usize>first << 3);
    sums += <usize>load<u32>(tree + Tree.output) << 3;
    for (; slots < end; slots += 4, sums += outputs << 3) {
      add(sums, load<i64>(values + (<usize>load<u32>(slots) << 3)));
    }
    return;
  }
  const range = model + <usize>ranges + (<usize>first << 3);
  const pairValues = section(model, Header.pairValues);
  const pairOutputs = section(model, Header.pairOutputs);
  for (; slots < end; slots += 4, sums += outputs << 3) {
    const leaf = range + (<usize>load<u32>(slots) << 3);
    const last = load<u32>(leaf, 4);
    for (let pair = load<u32>(leaf); pair < last; pair++) {
      const output = <usize>load<u32>(pairOutputs + (<usize>pair << 2)) << 3;
      add(sums + output, load<i64>(pairValues + (<usize>pair << 3)));
    }
  }
}

/** Turns sums into float64, in their place. */
export function endSums(model: usize, sums: usize, rows: u32): void {
  const outputs = load<u32>(model + Header.outputs);
  const units = section(model, Header.units);
  for (let row: u32 = 0; row < rows; row++) {
    for (let output: u32 = 0; output < outputs; output++) {
      store<f64>(sums, <f64>load<i64>(sums) * load<f64>(units + (<usize>output << 3)));
      sums += 8;
    }
  }
}
