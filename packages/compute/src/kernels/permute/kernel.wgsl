// include ../../devices/item.wgsl

struct Shuffle {
  items: u32,
  at: u32,
  first: u32,
  rows: u32,
  left: u32,
  right: u32,
}

@group(0) @binding(0) var<storage, read> keys: array<u32>;
@group(0) @binding(1) var<storage, read_write> out: array<u32>;
@group(0) @binding(2) var<uniform> shuffle: Shuffle;

// A number below size, which is at most 65536, from half an index and a key: see shuffled-index.ts.
fn mixed(half: u32, key: u32, size: u32) -> u32 {
  var hash = (half + key) * 0x7feb352du;
  hash ^= hash >> 15u;
  hash *= 0x846ca68bu;
  return ((hash >> 16u) * size + (((hash & 0xffffu) * size) >> 16u)) >> 16u;
}

// (half + step) modulo size, both below it.
fn stepped(half: u32, step: u32, size: u32) -> u32 {
  let sum = half + step;
  return min(sum, sum - size);
}

@compute @workgroup_size(256)
fn shuffleIndexes(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let row = item(workgroup, workgroups, local, 256u);
  if (row >= shuffle.items) {
    return;
  }
  var index = shuffle.first + row;
  loop {
    var high = index / shuffle.right;
    var low = index % shuffle.right;
    for (var round = 0u; round < 12u; round += 2u) {
      high = stepped(high, mixed(low, keys[round], shuffle.left), shuffle.left);
      low = stepped(low, mixed(high, keys[round + 1u], shuffle.right), shuffle.right);
    }
    index = high * shuffle.right + low;
    if (index < shuffle.rows) {
      break;
    }
  }
  out[shuffle.at + row] = select(index, index ^ keys[12], index < 2u);
}
