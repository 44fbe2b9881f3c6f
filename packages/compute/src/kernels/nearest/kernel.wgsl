// include ../../devices/item.wgsl

// Rows are packed in blocks of eight: float32[blocks][columns][8].

// What no distance reaches.
const none = 3.40282346e38;
const noIndex = 0xffffffffu;

struct Blocks {
  items: u32,
  rows: u32,
  columns: u32,
}

// As words, since a shader may take it that no float is NaN or infinite.
@group(0) @binding(0) var<storage, read> table: array<u32>;
@group(0) @binding(1) var<storage, read_write> packed: array<u32>;
@group(0) @binding(2) var<storage, read_write> odd: array<u32>;
@group(0) @binding(3) var<uniform> blocks: Blocks;

// One row, those that fill the last block too. odd: 0, or 1 + 2 * column of the first value that is infinite, 2 + 2 *
// column of one that is NaN.
@compute @workgroup_size(64)
fn nearestBlocks(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let row = item(workgroup, workgroups, local, 64u);
  if (row >= blocks.items) {
    return;
  }
  let own = min(row, blocks.rows - 1u);
  var into = (row >> 3u) * blocks.columns * 8u + (row & 7u);
  var wrong = 0u;
  for (var column = 0u; column < blocks.columns; column++) {
    let word = table[column * blocks.rows + own];
    if ((word & 0x7f800000u) == 0x7f800000u && wrong == 0u) {
      wrong = 2u * column + select(2u, 1u, (word & 0x7fffffu) == 0u);
    }
    packed[into] = word;
    into += 8u;
  }
  odd[row] = wrong;
}

struct Segment {
  items: u32,
  first: u32,
  count: u32,
  references: u32,
  blocksEach: u32,
  columns: u32,
  scaled: u32,
  k: u32,
  exclude: u32,
  nothing: u32,
}

@group(0) @binding(0) var<storage, read> queries: array<f32>;
@group(0) @binding(1) var<storage, read> references: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> scales: array<f32>;
@group(0) @binding(3) var<storage, read_write> distances: array<f32>;
@group(0) @binding(4) var<storage, read_write> indexes: array<u32>;
@group(0) @binding(5) var<uniform> segment: Segment;

// The value, past an operation that a compiler cannot leave out: so it cannot fuse the product with the sum that follows,
// and rounds as all devices do.
fn rounded(value: vec4<f32>) -> vec4<f32> {
  return bitcast<vec4<f32>>(bitcast<vec4<u32>>(value) | vec4<u32>(segment.nothing));
}

// One query and one segment of the references: the k nearest, in the lists distances[k][items] and indexes[k][items].
@compute @workgroup_size(64)
fn nearestSegment(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let index = item(workgroup, workgroups, local, 64u);
  if (index >= segment.items) {
    return;
  }
  let query = segment.first + index % segment.count;
  let number = index / segment.count;
  let own = (query >> 3u) * segment.columns * 8u + (query & 7u);
  for (var place = 0u; place < segment.k; place++) {
    distances[place * segment.items + index] = none;
    indexes[place * segment.items + index] = noIndex;
  }
  var threshold = none;
  let begin = number * segment.blocksEach;
  let end = min(begin + segment.blocksEach, (segment.references + 7u) / 8u);
  for (var block = begin; block < end; block++) {
    var low = vec4<f32>();
    var high = vec4<f32>();
    var at = 2u * block * segment.columns;
    var source = own;
    var column = 0u;
    var near = true;
    while (near && column < segment.columns) {
      // Pairs that are too far apart already are given up: sums of squares only grow.
      let until = min(column + 32u, segment.columns);
      for (; column < until; column++) {
        let value = vec4<f32>(queries[source]);
        var a = value - references[at];
        var b = value - references[at + 1u];
        if (segment.scaled == 1u) {
          a = a * scales[column];
          b = b * scales[column];
        }
        low = low + rounded(a * a);
        high = high + rounded(b * b);
        source += 8u;
        at += 2u;
      }
      near = any(low < vec4<f32>(threshold)) || any(high < vec4<f32>(threshold));
    }
    if (!near) {
      continue;
    }
    for (var lane = 0u; lane < 8u; lane++) {
      let distance = select(low[lane & 3u], high[lane & 3u], lane >= 4u);
      let reference = 8u * block + lane;
      let counted = reference < segment.references && !(segment.exclude == 1u && reference == query);
      if (distance < threshold && counted) {
        // Behind its equals: these have lower indexes.
        var place = segment.k - 1u;
        while (place > 0u) {
          let before = (place - 1u) * segment.items + index;
          if (distances[before] <= distance) {
            break;
          }
          distances[before + segment.items] = distances[before];
          indexes[before + segment.items] = indexes[before];
          place--;
        }
        distances[place * segment.items + index] = distance;
        indexes[place * segment.items + index] = reference;
        threshold = distances[(segment.k - 1u) * segment.items + index];
      }
    }
  }
}

struct Merge {
  items: u32,
  segments: u32,
  k: u32,
}

@group(0) @binding(0) var<storage, read> listDistances: array<f32>;
@group(0) @binding(1) var<storage, read> listIndexes: array<u32>;
@group(0) @binding(2) var<storage, read_write> nearestDistances: array<f32>;
@group(0) @binding(3) var<storage, read_write> nearestIndexes: array<u32>;
@group(0) @binding(4) var<uniform> merge: Merge;

// One query: the k nearest of all its segments' lists, side by side. Of equal distances the earlier segment's comes first.
@compute @workgroup_size(64)
fn nearestMerge(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let query = item(workgroup, workgroups, local, 64u);
  if (query >= merge.items) {
    return;
  }
  let lists = merge.items * merge.segments;
  var heads = array<u32, 32>();
  for (var place = 0u; place < merge.k; place++) {
    var best = none;
    var winner = 0u;
    for (var list = 0u; list < merge.segments; list++) {
      let head = listDistances[heads[list] * lists + list * merge.items + query];
      if (head < best) {
        best = head;
        winner = list;
      }
    }
    // Beyond the last of a list nothing is read: as many as k are taken in all.
    nearestDistances[query * merge.k + place] = best;
    nearestIndexes[query * merge.k + place] = listIndexes[heads[winner] * lists + winner * merge.items + query];
    heads[winner]++;
  }
}
