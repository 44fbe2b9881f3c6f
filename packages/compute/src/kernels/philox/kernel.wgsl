// include ../../devices/item.wgsl
// include ../../random/philox.wgsl

struct Scalars {
  items: u32,
  seed0: u32,
  seed1: u32,
  stream0: u32,
  stream1: u32,
  counter0: u32,
  counter1: u32,
}

@group(0) @binding(0) var<storage, read_write> words: array<vec4<u32>>;
@group(0) @binding(1) var<uniform> scalars: Scalars;

@compute @workgroup_size(64)
fn philoxWords(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let block = item(workgroup, workgroups, local, 64u);
  if (block >= scalars.items) {
    return;
  }
  let low = scalars.counter0 + block;
  let high = scalars.counter1 + select(0u, 1u, low < block);
  words[block] = philox(vec2(scalars.seed0, scalars.seed1), vec4(low, high, scalars.stream0, scalars.stream1));
}
