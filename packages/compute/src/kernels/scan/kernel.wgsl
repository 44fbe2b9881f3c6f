// include ../../devices/item.wgsl

struct Scan {
  items: u32,
  length: u32,
}

@group(0) @binding(0) var<storage, read> summed: array<u32>;
@group(0) @binding(1) var<storage, read_write> sums: array<u32>;
@group(0) @binding(2) var<uniform> summing: Scan;

// Sums of tiles of 64 values.
@compute @workgroup_size(64)
fn scanSum(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let tile = item(workgroup, workgroups, local, 64u);
  if (tile >= summing.items) {
    return;
  }
  var sum = 0u;
  let end = min(summing.length, tile * 64u + 64u);
  for (var at = tile * 64u; at < end; at++) {
    sum += summed[at];
  }
  sums[tile] = sum;
}

@group(0) @binding(0) var<storage, read> before: array<u32>;
@group(0) @binding(1) var<storage, read_write> values: array<u32>;
@group(0) @binding(2) var<storage, read_write> total: u32;
@group(0) @binding(3) var<uniform> spreading: Scan;

// Running sums of each tile, from the sum of all tiles before it on.
@compute @workgroup_size(64)
fn scanSpread(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let tile = item(workgroup, workgroups, local, 64u);
  if (tile >= spreading.items) {
    return;
  }
  var sum = before[tile];
  let end = min(spreading.length, tile * 64u + 64u);
  for (var at = tile * 64u; at < end; at++) {
    let value = values[at];
    values[at] = sum;
    sum += value;
  }
  if (tile == spreading.items - 1u) {
    values[spreading.length] = sum;
    total = sum;
  }
}
