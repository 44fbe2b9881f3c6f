// include ../../devices/item.wgsl

// Doubles are two words, the lower first; codes are of 1, 2 or 4 bytes, in words. `order` holds row numbers.

fn codeOf(word: u32, width: u32, row: u32) -> u32 {
  if (width == 1u) {
    return extractBits(word, (row & 3u) * 8u, 8u);
  }
  if (width == 2u) {
    return extractBits(word, (row & 1u) * 16u, 16u);
  }
  return word;
}

// Which word holds a row's code.
fn wordOf(width: u32, row: u32) -> u32 {
  return row >> select(select(0u, 1u, width == 2u), 2u, width == 1u);
}

fn isNan(low: u32, high: u32) -> bool {
  let rest = high & 0x7fffffffu;
  return rest > 0x7ff00000u || (rest == 0x7ff00000u && low != 0u);
}

// Words that rise as the doubles do; 0 and −0 have the same.
fn keyOf(low: u32, high: u32) -> vec2<u32> {
  if (high >= 0x80000000u && (high != 0x80000000u || low != 0u)) {
    return vec2(~low, ~high);
  }
  return vec2(low, high | 0x80000000u);
}

struct Valid {
  items: u32,
  width: u32,
  size: u32,
}

@group(0) @binding(0) var<storage, read> checked: array<u32>;
@group(0) @binding(1) var<storage, read_write> status: atomic<u32>;
@group(0) @binding(2) var<uniform> valid: Valid;

// Sets status to 1 where a code is not below its size.
@compute @workgroup_size(256)
fn ranksValid(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let row = item(workgroup, workgroups, local, 256u);
  if (row >= valid.items) {
    return;
  }
  if (codeOf(checked[wordOf(valid.width, row)], valid.width, row) >= valid.size) {
    atomicStore(&status, 1u);
  }
}

struct Keep {
  items: u32,
  hasWeights: u32,
  width: u32,
}

@group(0) @binding(0) var<storage, read> keptScores: array<vec2<u32>>;
@group(0) @binding(1) var<storage, read> keptWeights: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read> keptStrata: array<u32>;
@group(0) @binding(3) var<storage, read_write> kept: array<u32>;
@group(0) @binding(4) var<uniform> keep: Keep;

// 1 for rows that have a stratum, a score and a weight.
@compute @workgroup_size(256)
fn ranksKeep(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let row = item(workgroup, workgroups, local, 256u);
  if (row >= keep.items) {
    return;
  }
  let score = keptScores[row];
  var isKept = !isNan(score.x, score.y) && codeOf(keptStrata[wordOf(keep.width, row)], keep.width, row) != 0u;
  if (keep.hasWeights != 0u) {
    let weight = keptWeights[row];
    isKept = isKept && !isNan(weight.x, weight.y);
  }
  kept[row] = select(0u, 1u, isKept);
}

struct Items {
  items: u32,
}

@group(0) @binding(0) var<storage, read> placed: array<u32>;
@group(0) @binding(1) var<storage, read_write> collected: array<u32>;
@group(0) @binding(2) var<uniform> collect: Items;

// The rows that are kept, in their order; `placed` has the kept ones before each.
@compute @workgroup_size(256)
fn ranksCollect(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let row = item(workgroup, workgroups, local, 256u);
  if (row >= collect.items || placed[row] == placed[row + 1u]) {
    return;
  }
  collected[placed[row]] = row;
}

struct Half {
  items: u32,
  half: u32,
}

@group(0) @binding(0) var<storage, read> doubles: array<vec2<u32>>;
@group(0) @binding(1) var<storage, read> wordOrder: array<u32>;
@group(0) @binding(2) var<storage, read_write> words: array<u32>;
@group(0) @binding(3) var<storage, read_write> seen: array<atomic<u32>, 2>;
@group(0) @binding(4) var<uniform> half: Half;

// Which bits are 1 in some word, and which are 0 in some.
fn note(word: u32) {
  if ((word & ~atomicLoad(&seen[0])) != 0u) {
    atomicOr(&seen[0], word);
  }
  if ((~word & ~atomicLoad(&seen[1])) != 0u) {
    atomicOr(&seen[1], ~word);
  }
}

// One half of the keys of the rows, in their order so far.
@compute @workgroup_size(256)
fn ranksWords(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let place = item(workgroup, workgroups, local, 256u);
  if (place >= half.items) {
    return;
  }
  let value = doubles[wordOrder[place]];
  let word = keyOf(value.x, value.y)[half.half];
  words[place] = word;
  note(word);
}

@group(0) @binding(0) var<storage, read> parts: array<u32>;

// The parts of the rows, in their order so far; `half` is the width of a code.
@compute @workgroup_size(256)
fn ranksCodes(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let place = item(workgroup, workgroups, local, 256u);
  if (place >= half.items) {
    return;
  }
  let row = wordOrder[place];
  let word = codeOf(parts[wordOf(half.half, row)], half.half, row);
  words[place] = word;
  note(word);
}

struct Digits {
  items: u32,
  shift: u32,
  length: u32,
}

@group(0) @binding(0) var<storage, read> digitWords: array<u32>;
@group(0) @binding(1) var<storage, read_write> digitCounts: array<u32>;
@group(0) @binding(2) var<uniform> digits: Digits;

// How often each value of a digit of four bits is in each tile of 64 words: at value * tiles + tile.
@compute @workgroup_size(64)
fn ranksDigits(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let tile = item(workgroup, workgroups, local, 64u);
  if (tile >= digits.items) {
    return;
  }
  var counts: array<u32, 16>;
  let end = min(digits.length, tile * 64u + 64u);
  for (var place = tile * 64u; place < end; place++) {
    counts[(digitWords[place] >> digits.shift) & 15u]++;
  }
  for (var value = 0u; value < 16u; value++) {
    digitCounts[value * digits.items + tile] = counts[value];
  }
}

@group(0) @binding(0) var<storage, read> movedWords: array<u32>;
@group(0) @binding(1) var<storage, read> movedOrder: array<u32>;
@group(0) @binding(2) var<storage, read> moveStarts: array<u32>;
@group(0) @binding(3) var<storage, read_write> nextWords: array<u32>;
@group(0) @binding(4) var<storage, read_write> nextOrder: array<u32>;
@group(0) @binding(5) var<uniform> moving: Digits;

// Moves words and rows to where the digit puts them, tile by tile in their order.
@compute @workgroup_size(64)
fn ranksMove(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let tile = item(workgroup, workgroups, local, 64u);
  if (tile >= moving.items) {
    return;
  }
  var starts: array<u32, 16>;
  for (var value = 0u; value < 16u; value++) {
    starts[value] = moveStarts[value * moving.items + tile];
  }
  let end = min(moving.length, tile * 64u + 64u);
  for (var place = tile * 64u; place < end; place++) {
    let word = movedWords[place];
    let value = (word >> moving.shift) & 15u;
    let next = starts[value];
    starts[value] = next + 1u;
    nextWords[next] = word;
    nextOrder[next] = movedOrder[place];
  }
}

struct New {
  items: u32,
  hasWeights: u32,
  partWidth: u32,
}

@group(0) @binding(0) var<storage, read> newScores: array<vec2<u32>>;
@group(0) @binding(1) var<storage, read> newWeights: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read> newParts: array<u32>;
@group(0) @binding(3) var<storage, read> newOrder: array<u32>;
@group(0) @binding(4) var<storage, read_write> isNew: array<u32>;
@group(0) @binding(5) var<uniform> fresh: New;

// 1 where an entry begins: the row before has another score, weight or part.
@compute @workgroup_size(256)
fn ranksNew(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let place = item(workgroup, workgroups, local, 256u);
  if (place >= fresh.items) {
    return;
  }
  if (place == 0u) {
    isNew[0] = 1u;
    return;
  }
  let row = newOrder[place];
  let other = newOrder[place - 1u];
  let a = newScores[row];
  let b = newScores[other];
  var differs = any(keyOf(a.x, a.y) != keyOf(b.x, b.y));
  if (fresh.hasWeights != 0u) {
    let c = newWeights[row];
    let d = newWeights[other];
    differs = differs || any(keyOf(c.x, c.y) != keyOf(d.x, d.y));
  }
  if (fresh.partWidth != 0u) {
    let width = fresh.partWidth;
    differs = differs || codeOf(newParts[wordOf(width, row)], width, row)
      != codeOf(newParts[wordOf(width, other)], width, other);
  }
  isNew[place] = select(0u, 1u, differs);
}

@group(0) @binding(0) var<storage, read> keyDoubles: array<vec2<u32>>;
@group(0) @binding(1) var<storage, read> keyOrder: array<u32>;
@group(0) @binding(2) var<storage, read> keyEntries: array<u32>;
@group(0) @binding(3) var<storage, read_write> keys: array<vec2<u32>>;
@group(0) @binding(4) var<uniform> keyed: Items;

// The doubles of the entries; `keyEntries` has the entries that begin before each row.
@compute @workgroup_size(256)
fn ranksKeys(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let place = item(workgroup, workgroups, local, 256u);
  if (place >= keyed.items || keyEntries[place] == keyEntries[place + 1u]) {
    return;
  }
  var value = keyDoubles[keyOrder[place]];
  if (value.x == 0u && value.y == 0x80000000u) {
    value.y = 0u;
  }
  keys[keyEntries[place]] = value;
}

struct Rows {
  items: u32,
  width: u32,
  least: u32,
  stride: u32,
  once: u32,
}

@group(0) @binding(0) var<storage, read> rowCodes: array<u32>;
@group(0) @binding(1) var<storage, read> rowOrder: array<u32>;
@group(0) @binding(2) var<storage, read> rowEntries: array<u32>;
@group(0) @binding(3) var<storage, read_write> rowCounts: array<atomic<u32>>;
@group(0) @binding(4) var<uniform> counted: Rows;

// Counts the rows of each code, from `least` on: at (code − least) * stride + entry; or, once for each entry, its part.
@compute @workgroup_size(256)
fn ranksRows(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let place = item(workgroup, workgroups, local, 256u);
  if (place >= counted.items) {
    return;
  }
  let entry = rowEntries[place + 1u] - 1u;
  let row = rowOrder[place];
  let code = codeOf(rowCodes[wordOf(counted.width, row)], counted.width, row) - counted.least;
  if (counted.once == 0u) {
    atomicAdd(&rowCounts[code * counted.stride + entry], 1u);
  } else if (rowEntries[place] != rowEntries[place + 1u]) {
    atomicAdd(&rowCounts[code], 1u);
  }
}
