// Entries of the ranks kernel. A segment holds the rows of one part whose scores lie in one stretch; segments follow each
// other as parts and scores rise. A key is a double's bits, changed so that keys rise as the doubles do.

@inline function keyOf(value: f64): u64 {
  // + 0 makes one key of 0 and −0.
  const bits = reinterpret<u64>(value + 0.0);
  return bits ^ (<u64>(<i64>bits >> 63) | 0x8000000000000000);
}

@inline function valueOf(key: u64): f64 {
  return reinterpret<f64>(key ^ (<u64>(~(<i64>key >> 63)) | 0x8000000000000000));
}

@inline function codeAt(codes: usize, width: u32, row: u32): u32 {
  if (width == 1) return <u32>load<u8>(codes + <usize>row);
  if (width == 2) return <u32>load<u16>(codes + (<usize>row << 1));
  return load<u32>(codes + (<usize>row << 2));
}

/** Whether a row is ranked: it has a stratum, a score, a weight where there are weights, and stands for somebody. */
@inline function isKept(
  scores: usize,
  weights: usize,
  hasWeights: u32,
  strata: usize,
  strataWidth: u32,
  counts: usize,
  hasCounts: u32,
  row: u32,
): bool {
  if (codeAt(strata, strataWidth, row) == 0) return false;
  const score = load<f64>(scores + (<usize>row << 3));
  if (score != score) return false;
  if (hasWeights) {
    const weight = load<f64>(weights + (<usize>row << 3));
    if (weight != weight) return false;
  }
  return !(hasCounts && load<f64>(counts + (<usize>row << 3)) == 0);
}

/**
 * For each block of rows: range: f64[2 * blocks], its lowest and highest finite score that is ranked. Sets status to 1
 * where a stratum or part is not below its size or a count is no integer from 0.
 */
export function ranksRange(
  scores: usize,
  weights: usize,
  hasWeights: u32,
  strata: usize,
  strataWidth: u32,
  strataSize: u32,
  parts: usize,
  partsWidth: u32,
  partsSize: u32,
  counts: usize,
  hasCounts: u32,
  rows: u32,
  blockRows: u32,
  range: usize,
  status: usize,
  begin: u32,
  end: u32,
): void {
  for (let block = begin; block < end; block++) {
    let low = Infinity;
    let high = -Infinity;
    let wrong = false;
    const first = block * blockRows;
    const last = min<u32>(rows, first + blockRows);
    for (let row = first; row < last; row++) {
      if (codeAt(strata, strataWidth, row) >= strataSize) wrong = true;
      if (partsWidth != 0 && codeAt(parts, partsWidth, row) >= partsSize) wrong = true;
      if (hasCounts) {
        const count = load<f64>(counts + (<usize>row << 3));
        if (!(count >= 0 && count <= 9007199254740991.0 && floor<f64>(count) == count)) wrong = true;
      }
      if (!isKept(scores, weights, hasWeights, strata, strataWidth, counts, hasCounts, row)) continue;
      const score = load<f64>(scores + (<usize>row << 3));
      if (abs<f64>(score) == Infinity) continue;
      low = min<f64>(low, score);
      high = max<f64>(high, score);
    }
    store<f64>(range + (<usize>block << 4), low);
    store<f64>(range + (<usize>block << 4), high, 8);
    if (wrong) store<u32>(status, 1);
  }
}

/** The stretch of a score: rises with it; what is not finite saturates. */
@inline function stretchOf(score: f64, low: f64, scale: f64, stretches: u32): u32 {
  return min<u32>(stretches - 1, <u32>i32x4.extract_lane(i32x4.trunc_sat_f64x2_u_zero(f64x2.splat((score - low) * scale)), 0));
}

/** For each block: starts: u32[segments * blocks], how many of its rows fall into each segment, at segment * blocks + block. */
export function ranksCount(
  scores: usize,
  weights: usize,
  hasWeights: u32,
  strata: usize,
  strataWidth: u32,
  parts: usize,
  partsWidth: u32,
  counts: usize,
  hasCounts: u32,
  rows: u32,
  blockRows: u32,
  blocks: u32,
  low: f64,
  scale: f64,
  stretches: u32,
  starts: usize,
  begin: u32,
  end: u32,
): void {
  for (let block = begin; block < end; block++) {
    const first = block * blockRows;
    const last = min<u32>(rows, first + blockRows);
    for (let row = first; row < last; row++) {
      if (!isKept(scores, weights, hasWeights, strata, strataWidth, counts, hasCounts, row)) continue;
      const part = partsWidth == 0 ? 0 : codeAt(parts, partsWidth, row);
      const score = load<f64>(scores + (<usize>row << 3));
      const segment = part * stretches + stretchOf(score, low, scale, stretches);
      const at = starts + ((<usize>segment * blocks + block) << 2);
      store<u32>(at, load<u32>(at) + 1);
    }
  }
}

/**
 * Lays the rows of every block into their segments, in their order: scoreKeys and weightKeys: u64[kept], tags: u32[kept],
 * the row's number (byRow) or its stratum. What `starts` has for a segment and block is moved on past its rows, that is to
 * where the next block's begin: segments end at the entry of their last block.
 */
export function ranksLay(
  scores: usize,
  weights: usize,
  hasWeights: u32,
  strata: usize,
  strataWidth: u32,
  parts: usize,
  partsWidth: u32,
  counts: usize,
  hasCounts: u32,
  rows: u32,
  blockRows: u32,
  blocks: u32,
  low: f64,
  scale: f64,
  stretches: u32,
  starts: usize,
  byRow: u32,
  scoreKeys: usize,
  weightKeys: usize,
  tags: usize,
  begin: u32,
  end: u32,
): void {
  for (let block = begin; block < end; block++) {
    const first = block * blockRows;
    const last = min<u32>(rows, first + blockRows);
    for (let row = first; row < last; row++) {
      if (!isKept(scores, weights, hasWeights, strata, strataWidth, counts, hasCounts, row)) continue;
      const part = partsWidth == 0 ? 0 : codeAt(parts, partsWidth, row);
      const score = load<f64>(scores + (<usize>row << 3));
      const segment = part * stretches + stretchOf(score, low, scale, stretches);
      const at = starts + ((<usize>segment * blocks + block) << 2);
      const place = <usize>load<u32>(at);
      store<u32>(at, <u32>place + 1);
      store<u64>(scoreKeys + (place << 3), keyOf(score));
      if (hasWeights) store<u64>(weightKeys + (place << 3), keyOf(load<f64>(weights + (<usize>row << 3))));
      store<u32>(tags + (place << 2), byRow ? row : codeAt(strata, strataWidth, row) - 1);
    }
  }
}

/**
 * Sorts elements (a word in the upper half, a place in the lower) by one half of the keys of their places, stably:
 * four digits of eight bits, those that all share passed by. Returns where the result is, `a` or `b`.
 */
function sortByWord(keys: usize, half: usize, a: usize, b: usize, length: u32, digits: usize): usize {
  memory.fill(digits, 0, 4096);
  for (let index: u32 = 0; index < length; index++) {
    const at = a + (<usize>index << 3);
    const place = load<u32>(at);
    const word = load<u32>(keys + (<usize>place << 3) + half);
    store<u64>(at, (<u64>word << 32) | <u64>place);
    const d0 = digits + <usize>((word & 255) << 2);
    store<u32>(d0, load<u32>(d0) + 1);
    const d1 = digits + <usize>(((word >> 8) & 255) << 2);
    store<u32>(d1, load<u32>(d1, 1024) + 1, 1024);
    const d2 = digits + <usize>(((word >> 16) & 255) << 2);
    store<u32>(d2, load<u32>(d2, 2048) + 1, 2048);
    const d3 = digits + <usize>((word >> 24) << 2);
    store<u32>(d3, load<u32>(d3, 3072) + 1, 3072);
  }
  let from = a;
  let to = b;
  for (let digit: u32 = 0; digit < 4; digit++) {
    const own = digits + <usize>(digit << 10);
    const shift = <u64>(32 + (digit << 3));
    if (load<u32>(own + (<usize>(load<u64>(from) >> shift) & 255) * 4) == length) continue;
    let sum: u32 = 0;
    for (let value: usize = 0; value < 1024; value += 4) {
      const count = load<u32>(own + value);
      store<u32>(own + value, sum);
      sum += count;
    }
    const stop = from + (<usize>length << 3);
    for (let at = from; at < stop; at += 8) {
      const element = load<u64>(at);
      const next = own + ((<usize>(element >> shift) & 255) << 2);
      const place = load<u32>(next);
      store<u32>(next, place + 1);
      store<u64>(to + (<usize>place << 3), element);
    }
    const other = from;
    from = to;
    to = other;
  }
  return from;
}

/** For few: elements hold places alone. */
function sortFew(scoreKeys: usize, weightKeys: usize, hasWeights: u32, a: usize, length: u32): void {
  for (let index: u32 = 1; index < length; index++) {
    const score = load<u64>(scoreKeys + (<usize>index << 3));
    const weight = hasWeights ? load<u64>(weightKeys + (<usize>index << 3)) : 0;
    let at = a + (<usize>index << 3);
    for (; at > a; at -= 8) {
      const before = <usize>load<u32>(at - 8) << 3;
      const other = load<u64>(scoreKeys + before);
      if (other < score || (other == score && (!hasWeights || load<u64>(weightKeys + before) <= weight))) break;
      store<u64>(at, load<u64>(at - 8));
    }
    store<u64>(at, <u64>index);
  }
}

/**
 * Lane l of `lanes` sorts the segments l, l + lanes, ... : a: u64[kept], for each segment the places of its rows within it
 * (in the lower halves) by rising score, weight and row; uniques: u32[segments], its different keys. b: as a, scratch;
 * digits: 4096 bytes a lane.
 */
export function ranksSort(
  starts: usize,
  blocks: u32,
  segments: u32,
  lanes: u32,
  scoreKeys: usize,
  weightKeys: usize,
  hasWeights: u32,
  a: usize,
  b: usize,
  digits: usize,
  uniques: usize,
  begin: u32,
  end: u32,
): void {
  for (let lane = begin; lane < end; lane++) {
    const own = digits + (<usize>lane << 12);
    for (let segment = lane; segment < segments; segment += lanes) {
      const first = startOf(starts, blocks, segment);
      const length = startOf(starts, blocks, segment + 1) - first;
      const offset = <usize>first << 3;
      const scores = scoreKeys + offset;
      const weights = weightKeys + offset;
      const target = a + offset;
      for (let index: u32 = 0; index < length; index++) store<u64>(target + (<usize>index << 3), <u64>index);
      if (length <= 32) {
        sortFew(scores, weights, hasWeights, target, length);
      } else {
        let from = target;
        let to = b + offset;
        for (let word: u32 = hasWeights ? 0 : 2; word < 4; word++) {
          const keys = word < 2 ? weights : scores;
          const sorted = sortByWord(keys, <usize>(word & 1) << 2, from, to, length, own);
          if (sorted != from) {
            to = from;
            from = sorted;
          }
        }
        if (from != target) memory.copy(target, from, <usize>length << 3);
      }
      let unique: u32 = 0;
      let score: u64 = 0;
      let weight: u64 = 0;
      for (let index: u32 = 0; index < length; index++) {
        const place = <usize>load<u32>(target + (<usize>index << 3)) << 3;
        const nextScore = load<u64>(scores + place);
        const nextWeight = hasWeights ? load<u64>(weights + place) : 0;
        if (index == 0 || nextScore != score || nextWeight != weight) unique++;
        score = nextScore;
        weight = nextWeight;
      }
      store<u32>(uniques + (<usize>segment << 2), unique);
    }
  }
}

/** Where a segment begins once its rows are laid: where the last block of the one before ended. */
@inline function startOf(starts: usize, blocks: u32, segment: u32): u32 {
  return segment == 0 ? 0 : load<u32>(starts + ((<usize>segment * blocks - 1) << 2));
}

/**
 * Writes the entries of the segments of each lane, from firsts[segment] on: scores and weights: f64[entries], and to them
 * how many rows of each stratum: u32[strata * entries], or f64 with counts, where rows count counts[row] times. Where
 * wanted, order: u32[kept], the rows themselves in their order.
 */
export function ranksEntries(
  starts: usize,
  blocks: u32,
  segments: u32,
  lanes: u32,
  scoreKeys: usize,
  weightKeys: usize,
  hasWeights: u32,
  a: usize,
  tags: usize,
  byRow: u32,
  strata: usize,
  strataWidth: u32,
  counts: usize,
  hasCounts: u32,
  firsts: usize,
  entries: u32,
  scores: usize,
  weights: usize,
  rows: usize,
  order: usize,
  hasOrder: u32,
  begin: u32,
  end: u32,
): void {
  for (let lane = begin; lane < end; lane++) {
    for (let segment = lane; segment < segments; segment += lanes) {
      const first = startOf(starts, blocks, segment);
      const length = startOf(starts, blocks, segment + 1) - first;
      let entry = load<u32>(firsts + (<usize>segment << 2)) - 1;
      let score: u64 = 0;
      let weight: u64 = 0;
      for (let index: u32 = 0; index < length; index++) {
        const place = <usize>(first + load<u32>(a + (<usize>(first + index) << 3)));
        const nextScore = load<u64>(scoreKeys + (place << 3));
        const nextWeight = hasWeights ? load<u64>(weightKeys + (place << 3)) : 0;
        if (index == 0 || nextScore != score || nextWeight != weight) {
          entry++;
          score = nextScore;
          weight = nextWeight;
          store<f64>(scores + (<usize>entry << 3), valueOf(score));
          if (hasWeights) store<f64>(weights + (<usize>entry << 3), valueOf(weight));
        }
        const tag = load<u32>(tags + (place << 2));
        const stratum = byRow ? codeAt(strata, strataWidth, tag) - 1 : tag;
        const cell = <usize>stratum * entries + entry;
        if (hasCounts) {
          const at = rows + (cell << 3);
          store<f64>(at, load<f64>(at) + load<f64>(counts + (<usize>tag << 3)));
        } else {
          const at = rows + (cell << 2);
          store<u32>(at, load<u32>(at) + 1);
        }
        if (hasOrder) store<u32>(order + (<usize>(first + index) << 2), tag);
      }
    }
  }
}
