// include ../../devices/item.wgsl

// Sends rows through trees: what the parts of a model are, pack.ts tells. Position p of the predictions is row p of the
// view, and row p modulo `period` of the table where a column is read as it is.
struct Rows {
  items: u32,
  table_rows: u32,
  period: u32,
  stride: u32,
  first: u32,
  out_first: u32,
  order_from: u32,
  order_end: u32,
  start_period: u32,
  fresh: u32,
}

// Bits of float32, column after column. As integers: subnormal numbers and NaN are not for every GPU.
@group(0) @binding(0) var<storage, read> table: array<u32>;
@group(0) @binding(1) var<storage, read> indexes: array<u32>;
// Two words for each column that the model asks: the table's column times 2, plus 1 where its sign is turned; its slot in
// the view, or all ones. Then the trees to go through, in their order.
@group(0) @binding(2) var<storage, read> columns: array<u32>;
@group(0) @binding(3) var<storage, read> model: array<vec2<u32>>;
// 64-bit integers, low word first: what sums begin with, and sums.
@group(0) @binding(4) var<storage, read> start: array<vec2<u32>>;
@group(0) @binding(5) var<storage, read_write> out: array<vec2<u32>>;
@group(0) @binding(6) var<uniform> rows: Rows;

// Keys of the invocation's row. Not in workgroup memory: setting that to 0, as WebGPU does, takes a barrier.
var<private> keys: array<i32, 33>;

// Where parts of the model begin: exits and outputs of pairs in words, the others in elements of `model`.
struct Sections {
  trees: u32,
  nodes: u32,
  exits: u32,
  tails: u32,
  values: u32,
  ranges: u32,
  pair_values: u32,
  pair_outputs: u32,
  outputs: u32,
  columns: u32,
  link_shift: u32,
}

fn sections() -> Sections {
  let a = model[0];
  let b = model[1];
  let c = model[2];
  let d = model[3];
  let e = model[4];
  let g = model[5];
  let h = model[6];
  return Sections(
    a.x >> 3u, b.x >> 3u, b.y >> 2u, c.x >> 3u, c.y >> 3u, d.x >> 3u, d.y >> 3u, e.x >> 2u, g.y, h.x, h.y);
}

// Of a float32, an integer in its order: see key.ts.
fn key_of(bits: u32) -> i32 {
  let key = bitcast<i32>(bits ^ (bitcast<u32>(bitcast<i32>(bits) >> 31u) >> 1u));
  return select(key, 2147483647, (bits & 0x7fffffffu) > 0x7f800000u);
}

fn read_key(column: u32, position: u32) -> i32 {
  let code = columns[2u * column];
  let slot = columns[2u * column + 1u];
  var row = position % rows.period;
  if (slot != 0xffffffffu) {
    row = indexes[slot * rows.stride + position];
  }
  return key_of(table[(code >> 1u) * rows.table_rows + row] ^ (code << 31u));
}

fn add(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let low = a.x + b.x;
  return vec2(low, a.y + b.y + select(0u, 1u, low < b.x));
}

fn word(at: u32) -> u32 {
  return model[at >> 1u][at & 1u];
}

// Adds to the sums in `out` what a leaf adds.
fn add_leaf(parts: Sections, at: u32, output: u32, slot: u32) {
  if (parts.ranges == 0u) {
    out[at + output] = add(out[at + output], model[parts.values + slot]);
    return;
  }
  let range = model[parts.ranges + slot];
  for (var pair = range.x; pair < range.y; pair++) {
    let to = at + word(parts.pair_outputs + pair);
    out[to] = add(out[to], model[parts.pair_values + pair]);
  }
}

// Of the invocation's row: from `keys` where they are staged there.
fn find_key(staged: bool, column: u32, position: u32, never: u32) -> i32 {
  if (staged) {
    return keys[column];
  }
  if (column == never) {
    return -2147483647 - 1;
  }
  return read_key(column, position);
}

fn find_slot(parts: Sections, tree: u32, staged: bool, position: u32) -> u32 {
  let shape = model[tree];
  let begin = model[tree + 1u];
  var place = 0u;
  for (var level = 0u; level < shape.x; level++) {
    let node = model[parts.nodes + begin.x + place];
    let key = find_key(staged, node.y, position, parts.columns);
    place = 2u * place + select(1u, 2u, key > bitcast<i32>(node.x));
  }
  let slot = place + 1u - (1u << shape.x);
  if (shape.y == 0u) {
    return slot;
  }
  let tail = parts.tails + model[tree + 2u].x;
  let mask = (1u << parts.link_shift) - 1u;
  var record = word(parts.exits + begin.y + slot);
  loop {
    let link = model[tail + record];
    let column = link.y >> parts.link_shift;
    if (column == parts.columns) {
      return link.x;
    }
    let key = find_key(staged, column, position, parts.columns);
    record = (link.y & mask) + select(0u, 1u, key > bitcast<i32>(link.x));
  }
}

fn predict(parts: Sections, staged: bool, position: u32) {
  let at = (position - rows.out_first) * parts.outputs;
  if (rows.fresh != 0u) {
    let begin = (position % rows.start_period) * parts.outputs;
    for (var output = 0u; output < parts.outputs; output++) {
      out[at + output] = start[begin + output];
    }
  }
  let alone = parts.outputs == 1u && parts.ranges == 0u;
  var sum = out[at];
  for (var index = rows.order_from; index < rows.order_end; index++) {
    let tree = parts.trees + 5u * columns[2u * parts.columns + index];
    let slot = model[tree + 3u].x + find_slot(parts, tree, staged, position);
    if (alone) {
      sum = add(sum, model[parts.values + slot]);
    } else {
      add_leaf(parts, at, model[tree + 2u].y, slot);
    }
  }
  if (alone) {
    out[at] = sum;
  }
}

@compute @workgroup_size(64)
fn forestStaged(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let item = item(workgroup, workgroups, local, 64u);
  if (item >= rows.items) {
    return;
  }
  let position = rows.first + item;
  let parts = sections();
  for (var column = 0u; column < parts.columns; column++) {
    keys[column] = read_key(column, position);
  }
  // What nothing exceeds.
  keys[parts.columns] = -2147483647 - 1;
  predict(parts, true, position);
}

@compute @workgroup_size(64)
fn forestDirect(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let item = item(workgroup, workgroups, local, 64u);
  if (item < rows.items) {
    predict(sections(), false, rows.first + item);
  }
}
