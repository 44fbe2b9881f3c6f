// Where the parts of a packed forest lie: see pack.ts, which writes it.

/** Words of the header; those of sections hold bytes from the model's start. */
export namespace Header {
  export const trees: usize = 0;
  export const treeCount: usize = 4;
  export const nodes: usize = 8;
  export const exits: usize = 12;
  export const tails: usize = 16;
  export const values: usize = 20;
  export const ranges: usize = 24;
  export const pairValues: usize = 28;
  export const pairOutputs: usize = 32;
  export const base: usize = 36;
  export const units: usize = 40;
  export const outputs: usize = 44;
  export const columns: usize = 48;
  export const linkShift: usize = 52;
  export const tileShift: usize = 56;
  export const records: usize = 60;
}

/** Words of a tree. */
export namespace Tree {
  export const sizeBytes: usize = 40;
  export const levels: usize = 0;
  export const rest: usize = 4;
  export const node: usize = 8;
  export const exit: usize = 12;
  export const tail: usize = 16;
  export const output: usize = 20;
  export const slot: usize = 24;
  export const slots: usize = 28;
  export const records: usize = 32;
}

@inline export function section(model: usize, word: usize): usize {
  return model + <usize>load<u32>(model + word);
}
