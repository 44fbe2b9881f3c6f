// include ../../devices/item.wgsl

// Values lie column after column: float32[features][rows here], the rows filled up to tiles of 128.

// A sum begins with the bias and takes the inputs in their order.
struct Layer {
  items: u32,
  groups: u32,
  inputs: u32,
  pairs: u32,
  weights: u32,
  bias: u32,
  activation: u32,
}

@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> parameters: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4<f32>>;
@group(0) @binding(3) var<uniform> layer: Layer;

// Four rows × eight outputs in registers. The invocations of 32 that follow each other share their weights and read rows
// side by side; those of a workgroup share their rows, which stay in its cache. So nothing needs workgroup memory.
@compute @workgroup_size(256)
fn denseLayer(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let index = item(workgroup, workgroups, local, 256u);
  if (index >= layer.items) {
    return;
  }
  let pair = (index >> 5u) % layer.pairs;
  let rows = ((index >> 5u) / layer.pairs) * 32u + (index & 31u);
  let b0 = parameters[layer.bias + 2u * pair];
  let b1 = parameters[layer.bias + 2u * pair + 1u];
  var s0 = vec4<f32>(b0.x);
  var s1 = vec4<f32>(b0.y);
  var s2 = vec4<f32>(b0.z);
  var s3 = vec4<f32>(b0.w);
  var s4 = vec4<f32>(b1.x);
  var s5 = vec4<f32>(b1.y);
  var s6 = vec4<f32>(b1.z);
  var s7 = vec4<f32>(b1.w);
  var at = layer.weights + 2u * pair * layer.inputs;
  var source = rows;
  for (var input = 0u; input < layer.inputs; input++) {
    let value = x[source];
    let w0 = parameters[at];
    let w1 = parameters[at + layer.inputs];
    s0 = fma(value, vec4<f32>(w0.x), s0);
    s1 = fma(value, vec4<f32>(w0.y), s1);
    s2 = fma(value, vec4<f32>(w0.z), s2);
    s3 = fma(value, vec4<f32>(w0.w), s3);
    s4 = fma(value, vec4<f32>(w1.x), s4);
    s5 = fma(value, vec4<f32>(w1.y), s5);
    s6 = fma(value, vec4<f32>(w1.z), s6);
    s7 = fma(value, vec4<f32>(w1.w), s7);
    source += layer.groups;
    at++;
  }
  var into = 8u * pair * layer.groups + rows;
  y[into] = activated(s0, layer.activation);
  into += layer.groups;
  y[into] = activated(s1, layer.activation);
  into += layer.groups;
  y[into] = activated(s2, layer.activation);
  into += layer.groups;
  y[into] = activated(s3, layer.activation);
  into += layer.groups;
  y[into] = activated(s4, layer.activation);
  into += layer.groups;
  y[into] = activated(s5, layer.activation);
  into += layer.groups;
  y[into] = activated(s6, layer.activation);
  into += layer.groups;
  y[into] = activated(s7, layer.activation);
}

struct Read {
  items: u32,
  rows: u32,
  first: u32,
  last: u32,
  here: u32,
  inputs: u32,
}

// As words, since a shader may take it that no float is NaN or infinite.
@group(0) @binding(0) var<storage, read> tableWords: array<u32>;
@group(0) @binding(1) var<storage, read> view: array<u32>;
@group(0) @binding(2) var<storage, read> slots: array<i32>;
@group(0) @binding(3) var<storage, read_write> xWords: array<u32>;
@group(0) @binding(4) var<storage, read_write> odd: array<u32>;
@group(0) @binding(5) var<uniform> reading: Read;

// One row: its columns through the view. odd: 1 where a value is not finite; it is taken as 0.
@compute @workgroup_size(64)
fn denseRead(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let index = item(workgroup, workgroups, local, 64u);
  if (index >= reading.items) {
    return;
  }
  let own = min(reading.first + index, reading.last);
  var wrong = 0u;
  for (var column = 0u; column < reading.inputs; column++) {
    var row = own;
    if (slots[column] >= 0) {
      row = view[u32(slots[column]) * reading.rows + own];
    }
    let word = tableWords[column * reading.rows + row];
    let finite = (word & 0x7f800000u) != 0x7f800000u;
    wrong |= select(1u, 0u, finite);
    xWords[column * reading.here + index] = select(0u, word, finite);
  }
  odd[index] = wrong;
}

struct Update {
  items: u32,
  rows: u32,
  first: u32,
  last: u32,
  here: u32,
  changed: u32,
  inputs: u32,
  weights: u32,
  activation: u32,
}

@group(0) @binding(0) var<storage, read> table: array<f32>;
@group(0) @binding(2) var<storage, read> changed: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> sums: array<f32>;
@group(0) @binding(5) var<storage, read_write> yValues: array<f32>;
@group(0) @binding(6) var<uniform> updating: Update;

// One row × eight outputs: sums + Σ (x' − x) weights over the changed columns, each a column and its slot in the view.
@compute @workgroup_size(64)
fn denseUpdate(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let index = item(workgroup, workgroups, local, 64u);
  if (index >= updating.items) {
    return;
  }
  let pair = index / updating.here;
  let row = index % updating.here;
  let own = min(updating.first + row, updating.last);
  let at = 8u * pair * updating.here + row;
  var s0 = vec4<f32>();
  var s1 = vec4<f32>();
  for (var output = 0u; output < 4u; output++) {
    s0[output] = sums[at + output * updating.here];
    s1[output] = sums[at + (output + 4u) * updating.here];
  }
  for (var change = 0u; change < updating.changed; change++) {
    let column = changed[change].x;
    let other = view[changed[change].y * updating.rows + own];
    let difference = vec4<f32>(table[column * updating.rows + other] - table[column * updating.rows + own]);
    let weight = updating.weights + 2u * pair * updating.inputs + column;
    s0 = fma(difference, weights[weight], s0);
    s1 = fma(difference, weights[weight + updating.inputs], s1);
  }
  s0 = activated(s0, updating.activation);
  s1 = activated(s1, updating.activation);
  for (var output = 0u; output < 4u; output++) {
    yValues[at + output * updating.here] = s0[output];
    yValues[at + (output + 4u) * updating.here] = s1[output];
  }
}

struct Write {
  items: u32,
  here: u32,
  outputs: u32,
  softmax: u32,
}

@group(0) @binding(0) var<storage, read> last: array<f32>;
@group(0) @binding(1) var<storage, read> oddRows: array<u32>;
@group(0) @binding(2) var<storage, read_write> out: array<u32>;
@group(0) @binding(3) var<uniform> writing: Write;

// One row: its outputs side by side, with softmax where there is one; NaN where a value was not finite.
@compute @workgroup_size(64)
fn denseWrite(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let row = item(workgroup, workgroups, local, 64u);
  if (row >= writing.items) {
    return;
  }
  let finite = oddRows[row] == 0u;
  let into = row * writing.outputs;
  var top = last[row];
  var total = 0.0;
  if (writing.softmax == 1u) {
    for (var output = 1u; output < writing.outputs; output++) {
      top = max(top, last[output * writing.here + row]);
    }
    for (var output = 0u; output < writing.outputs; output++) {
      total += exponential(vec4<f32>(last[output * writing.here + row] - top)).value.x;
    }
  }
  for (var output = 0u; output < writing.outputs; output++) {
    var value = last[output * writing.here + row];
    if (writing.softmax == 1u) {
      value = exponential(vec4<f32>(value - top)).value.x / total;
    }
    out[into + output] = select(0x7fc00000u, bitcast<u32>(value), finite);
  }
}

// Coefficients as in activations.as.ts: Cephes 2.8, expf.c and tanhf.c.
struct Exponential {
  value: vec4<f32>,
  // What `value` was rounded by.
  rest: vec4<f32>,
}

// e^x for x up to 88.
fn exponential(given: vec4<f32>) -> Exponential {
  let value = max(given, vec4<f32>(-104.0));
  let n = round(value * 1.44269504);
  let high = value - n * 0.693359375;
  let r = high + n * 2.12194440e-4;
  var p = 1.9875691500e-4 * r + 1.3981999507e-3;
  p = p * r + 8.3334519073e-3;
  p = p * r + 4.1665795894e-2;
  p = p * r + 1.6666665459e-1;
  p = p * r + 5.0000001201e-1;
  let t = p * (r * r) + r;
  let y = 1.0 + t;
  let k = vec4<i32>(n);
  let half = k >> vec4<u32>(1u);
  let first = bitcast<vec4<f32>>((half + 127) << vec4<u32>(23u));
  let second = bitcast<vec4<f32>>((k - half + 127) << vec4<u32>(23u));
  return Exponential(y * first * second, (t - (y - 1.0)) * first * second);
}

fn logistic(value: vec4<f32>) -> vec4<f32> {
  let e = exponential(-abs(value));
  let total = 1.0 + e.value;
  let totalRest = (e.value - (total - 1.0)) + e.rest;
  let below = value < vec4<f32>();
  let quotient = select(vec4<f32>(1.0), e.value, below) / total;
  return quotient + (select(vec4<f32>(), e.rest, below) - quotient * totalRest) / total;
}

fn hyperbolicTangent(value: vec4<f32>) -> vec4<f32> {
  let size = abs(value);
  let z = value * value;
  var p = -5.70498872745e-3 * z + 2.06390887954e-2;
  p = p * z - 5.37397155531e-2;
  p = p * z + 1.33314422036e-1;
  p = p * z - 3.33332819422e-1;
  let small = p * z * value + value;
  let e = exponential(2.0 * min(size, vec4<f32>(10.0))).value;
  let large = 1.0 - 2.0 / (e + 1.0);
  return select(select(large, -large, value < vec4<f32>()), small, size < vec4<f32>(0.625));
}

fn activated(value: vec4<f32>, kind: u32) -> vec4<f32> {
  switch (kind) {
    case 1u: {
      return logistic(value);
    }
    case 2u: {
      return max(value, vec4<f32>());
    }
    case 4u: {
      return hyperbolicTangent(value);
    }
    default: {
      return value;
    }
  }
}
