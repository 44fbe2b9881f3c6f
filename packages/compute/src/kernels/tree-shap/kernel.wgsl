// include ../../devices/item.wgsl
// Integers only: values are whole multiples of a unit for each target (see fixed-point.ts), so that every GPU gives the
// same bits. program.ts tells what words hold, ranks.ts what ranks are.

struct Ranking {
  items: u32,
  tableRows: u32,
  first: u32,
  rows: u32,
}

// The table's float32 as bits: a shader may take NaN for a number and a small number for 0.
@group(0) @binding(0) var<storage, read> table: array<u32>;
@group(0) @binding(1) var<storage, read> columns: array<u32>;
@group(0) @binding(2) var<storage, read> thresholds: array<u32>;
@group(0) @binding(3) var<storage, read_write> ranked: array<u32>;
@group(0) @binding(4) var<uniform> ranking: Ranking;

// Item i: row i % rows of ranked column i / rows. thresholds: as ordered bits, see `orderedBits` of fixed-point.ts.
@compute @workgroup_size(256)
fn treeShapRankRows(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let index = item(workgroup, workgroups, local, 256u);
  if (index >= ranking.items) {
    return;
  }
  let column = 6u * (index / ranking.rows);
  let row = index % ranking.rows;
  var bits = table[columns[column] * ranking.tableRows + ranking.first + row];
  if ((bits & 0x7fffffffu) > 0x7f800000u) {
    ranked[index] = 0xffffffffu;
    return;
  }
  if (bits == 0x80000000u) {
    bits = 0u;
  }
  let ordered = select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
  var low = columns[column + 1u];
  let first = low;
  let end = columns[column + 2u];
  var high = end;
  while (low < high) {
    let middle = (low + high) >> 1u;
    if (thresholds[middle] < ordered) {
      low = middle + 1u;
    } else {
      high = middle;
    }
  }
  var rank = low - first;
  if (columns[column + 3u] != 0u) {
    rank *= 2u;
    if (low < end) {
      rank += select(0u, 1u, thresholds[low] == ordered);
    }
  }
  ranked[index] = rank;
}

@group(0) @binding(0) var<storage, read> words: array<u32>;
@group(0) @binding(1) var<storage, read> ranks: array<u32>;

// The code of a row in the block whose record begins at `block`; ranks are column after column of `rows` rows.
fn codeOf(block: u32, rows: u32, row: u32) -> u32 {
  var code = 0u;
  var bit = 1u;
  var met = 1u;
  var test = words[block];
  let end = test + 4u * words[block + 1u];
  while (test < end) {
    let kind = words[test + 3u];
    if ((kind & 7u) != 0u) {
      let rank = ranks[(words[test] >> 2u) * rows + row];
      met &= select(0u, 1u, rank - words[test + 1u] < words[test + 2u]);
    }
    if ((kind & 8u) != 0u) {
      code |= bit * met;
      bit <<= 1u;
      met = 1u;
    }
    test += 4u;
  }
  return code;
}

struct Counting {
  items: u32,
  rows: u32,
  slices: u32,
  weighted: u32,
  blocks: u32,
}

@group(0) @binding(2) var<storage, read> times: array<u32>;
@group(0) @binding(3) var<storage, read_write> counts: array<atomic<u32>>;
@group(0) @binding(4) var<uniform> counting: Counting;
var<workgroup> own: array<atomic<u32>, 2048>;

// Workgroup w counts the codes of slice w % slices of the rows in block w / slices, then adds to the whole.
@compute @workgroup_size(256)
fn treeShapCountRows(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let index = item(workgroup, workgroups, 0u, 1u);
  let number = index / counting.slices;
  if (number >= counting.blocks) {
    return;
  }
  let block = 12u * number;
  let codes = 1u << words[block + 2u];
  let slice = index % counting.slices;
  let length = (counting.rows + counting.slices - 1u) / counting.slices;
  let end = min(counting.rows, (slice + 1u) * length);
  for (var row = slice * length + local; row < end; row += 256u) {
    let amount = select(1u, times[row * counting.weighted], counting.weighted != 0u);
    atomicAdd(&own[codeOf(block, counting.rows, row)], amount);
  }
  workgroupBarrier();
  let place = words[block + 8u];
  for (var code = local; code < codes; code += 256u) {
    let count = atomicLoad(&own[code]);
    if (count > 0u) {
      atomicAdd(&counts[place + code], count);
    }
  }
}

struct Adding {
  items: u32,
  first: u32,
  blocks: u32,
}

@group(0) @binding(2) var<storage, read> entries: array<i32>;
@group(0) @binding(3) var<storage, read_write> sums: array<i32>;
@group(0) @binding(4) var<uniform> adding: Adding;

// Item: a row. entries: for each block i32[codes][slots]; sums: target after target of `items` rows.
@compute @workgroup_size(256)
fn treeShapAddRows(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let row = item(workgroup, workgroups, local, 256u);
  if (row >= adding.items) {
    return;
  }
  for (var number = adding.first; number < adding.first + adding.blocks; number++) {
    let block = 12u * number;
    let slots = words[block + 6u];
    let list = words[block + 5u];
    let place = words[block + 7u] + codeOf(block, adding.items, row) * slots;
    for (var slot = 0u; slot < slots; slot++) {
      sums[words[list + slot] * adding.items + row] += entries[place + slot];
    }
  }
}
