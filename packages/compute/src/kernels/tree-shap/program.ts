import type { Forest } from "../../forest.ts";
import type { Block } from "./blocks.ts";
import type { Ranks } from "./ranks.ts";

/** Words of a block, of a test and of a leaf in `Program.words`. */
export const blockWords = 12;

/**
 * Blocks as the entries read them.
 *
 * words: for each block [tests, how many, bits, leaves, how many, targets, slots, table, shares, players, outputs,
 * output list], where tests, leaves, targets and the output list are places in words; table and shares are places of the
 * block's first entry in the group's table and shares. Then, wherever these point:
 * a test [bytes of a row's ranks before its column, start, length, width in bytes (0: no test) + 8 where a bit ends];
 * a leaf [players, how many, values, how many]; a leaf's player [mask + want × 65536, player in the block, place of its
 * cover in numbers]; a leaf's value [output in the block, place in numbers]; a target: where a slot's values are added.
 * A slot is a player (or a pair of players, with `pairs`) of the block with an output of the block, output fastest.
 */
export interface Program {
  readonly blocks: number;
  readonly words: Uint32Array;
  readonly numbers: Float64Array;
  /** Codes × slots over all blocks. */
  readonly tableEntries: number;
  /** Codes (× outputs, where each has shares of its own) over all blocks. */
  readonly shareEntries: number;
  readonly maxBits: number;
  readonly maxSlots: number;
}

export interface ProgramOptions {
  readonly players: number;
  /** Slots for pairs of players instead of players; the slot of a player with itself is its Shapley value. */
  readonly pairs: boolean;
  /** Background shares for each output of its own. */
  readonly sharesByOutput: boolean;
}

/** Where the value of players i ≤ j stands among the pairs. */
export function pairIndex(players: number, i: number, j: number): number {
  return i * players - (i * (i - 1)) / 2 + (j - i);
}

/** Flattens blocks into programs whose tables have at most `limit` entries each, or one block. */
export function writePrograms(
  forest: Forest,
  ranks: Ranks,
  blocks: readonly Block[],
  options: ProgramOptions,
  limit: number,
): Program[] {
  const shapes = blocks.map((block) => shapeOf(forest, block, options));
  const programs: Program[] = [];
  for (let begin = 0; begin < blocks.length; ) {
    let end = begin;
    let entries = 0;
    do entries += shapes[end++]?.entries ?? 0;
    while (end < blocks.length && entries + (shapes[end]?.entries ?? 0) <= limit);
    programs.push(writeProgram(forest, ranks, blocks.slice(begin, end), shapes.slice(begin, end), options));
    begin = end;
  }
  return programs;
}

/** Codes × slots of a block. */
export function tableEntriesOf(forest: Forest, block: Block, options: ProgramOptions): number {
  return shapeOf(forest, block, options).entries;
}

interface Shape {
  readonly players: readonly number[];
  readonly outputs: readonly number[];
  readonly slots: number;
  readonly entries: number;
}

function shapeOf(forest: Forest, block: Block, options: ProgramOptions): Shape {
  const players = new Set<number>();
  const outputs = new Set<number>();
  for (const leaf of block.leaves) {
    for (const { player } of leaf.players) players.add(player);
    for (let entry = forest.left[leaf.node] ?? 0; entry < (forest.right[leaf.node] ?? 0); entry++) {
      outputs.add(forest.leafOutput[entry] ?? 0);
    }
  }
  const size = options.pairs ? (players.size * (players.size + 1)) / 2 : players.size;
  const slots = size * outputs.size;
  const ascending = (a: number, b: number) => a - b;
  return {
    players: [...players].sort(ascending),
    outputs: [...outputs].sort(ascending),
    slots,
    entries: 2 ** block.bits.length * slots,
  };
}

function writeProgram(
  forest: Forest,
  ranks: Ranks,
  blocks: readonly Block[],
  shapes: readonly Shape[],
  options: ProgramOptions,
): Program {
  const words: number[] = new Array(blocks.length * blockWords).fill(0);
  const numbers: number[] = [];
  let tableEntries = 0;
  let shareEntries = 0;
  for (const [index, block] of blocks.entries()) {
    const shape = shapes[index];
    if (!shape) continue;
    const { players, outputs, slots } = shape;
    const codes = 2 ** block.bits.length;
    const tests = words.length;
    writeTests(words, ranks, block);
    const testCount = (words.length - tests) / 4;
    const leaves = writeLeaves(words, numbers, forest, block, shape);
    const targets = words.length;
    for (const [i, player] of players.entries()) {
      for (const other of options.pairs ? players.slice(i) : [player]) {
        const place = options.pairs ? pairIndex(options.players, player, other) : player;
        for (const output of outputs) words.push(place * forest.outputs + output);
      }
    }
    const list = words.length;
    words.push(...outputs);
    const record = [tests, testCount, block.bits.length, leaves, block.leaves.length, targets, slots];
    record.push(tableEntries, shareEntries, players.length, outputs.length, list);
    for (const [word, value] of record.entries()) words[index * blockWords + word] = value;
    tableEntries += codes * slots;
    shareEntries += codes * (options.sharesByOutput ? outputs.length : 1);
  }
  return {
    blocks: blocks.length,
    words: Uint32Array.from(words),
    numbers: Float64Array.from(numbers),
    tableEntries,
    shareEntries,
    maxBits: Math.max(0, ...blocks.map((block) => block.bits.length)),
    maxSlots: Math.max(0, ...shapes.map((shape) => shape.slots)),
  };
}

function writeTests(words: number[], ranks: Ranks, block: Block): void {
  for (const tests of block.bits) {
    if (tests.length === 0) words.push(0, 0, 0, 8);
    for (const [index, { column, start, length }] of tests.entries()) {
      const last = index === tests.length - 1 ? 8 : 0;
      words.push(ranks.offset[column] ?? 0, start, length, (ranks.width[column] ?? 1) + last);
    }
  }
}

/** Returns the place of the leaves' records. */
function writeLeaves(words: number[], numbers: number[], forest: Forest, block: Block, shape: Shape): number {
  const records: number[] = [];
  for (const leaf of block.leaves) {
    const players = words.length;
    for (const { player, mask, want, cover } of leaf.players) {
      words.push(mask + want * 65536, shape.players.indexOf(player), numbers.length);
      numbers.push(cover);
    }
    const values = words.length;
    const [first, end] = [forest.left[leaf.node] ?? 0, forest.right[leaf.node] ?? 0];
    for (let entry = first; entry < end; entry++) {
      words.push(shape.outputs.indexOf(forest.leafOutput[entry] ?? 0), numbers.length);
      numbers.push(forest.leafValue[entry] ?? 0);
    }
    records.push(players, leaf.players.length, values, end - first);
  }
  const place = words.length;
  words.push(...records);
  return place;
}
