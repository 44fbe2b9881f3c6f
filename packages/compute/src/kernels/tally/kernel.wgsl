// include ../../devices/item.wgsl

struct Cells {
  items: u32,
  width: u32,
  size: u32,
  begins: u32,
  fault: u32,
  at: u32,
}

// Codes of 1, 2 or 4 bytes, in words.
@group(0) @binding(0) var<storage, read> codes: array<u32>;
@group(0) @binding(1) var<storage, read_write> cells: array<u32>;
@group(0) @binding(2) var<storage, read_write> status: atomic<u32>;
@group(0) @binding(3) var<uniform> column: Cells;

@compute @workgroup_size(256)
fn tallyCells(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let row = item(workgroup, workgroups, local, 256u);
  if (row >= column.items) {
    return;
  }
  var code: u32;
  if (column.width == 1u) {
    code = extractBits(codes[row >> 2u], (row & 3u) * 8u, 8u);
  } else if (column.width == 2u) {
    code = extractBits(codes[row >> 1u], (row & 1u) * 16u, 16u);
  } else {
    code = codes[row];
  }
  if (code >= column.size) {
    atomicStore(&status, column.fault);
  }
  let cell = column.at + row;
  if (column.begins == 0u) {
    code += cells[cell] * column.size;
  }
  cells[cell] = code;
}

struct Counting {
  items: u32,
  rows: u32,
  size: u32,
}

@group(0) @binding(0) var<storage, read> counted: array<u32>;
@group(0) @binding(1) var<storage, read_write> counts: array<atomic<u32>>;
@group(0) @binding(2) var<uniform> counting: Counting;

// Where a code was out of range a cell may be any number: it is passed by, and the status tells of it.
@compute @workgroup_size(256)
fn tallyCountMany(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let first = item(workgroup, workgroups, local, 256u);
  if (first >= counting.items) {
    return;
  }
  for (var row = first; row < counting.rows; row += counting.items) {
    let cell = counted[row];
    if (cell < counting.size) {
      atomicAdd(&counts[cell], 1u);
    }
  }
}

var<workgroup> own: array<atomic<u32>, 4096>;

// The same for at most 4096 cells: each workgroup counts by itself before it adds to the whole.
@compute @workgroup_size(256)
fn tallyCountFew(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  for (var cell = local; cell < counting.size; cell += 256u) {
    atomicStore(&own[cell], 0u);
  }
  workgroupBarrier();
  let first = item(workgroup, workgroups, local, 256u);
  if (first < counting.items) {
    for (var row = first; row < counting.rows; row += counting.items) {
      let cell = counted[row];
      if (cell < counting.size) {
        atomicAdd(&own[cell], 1u);
      }
    }
  }
  workgroupBarrier();
  for (var cell = local; cell < counting.size; cell += 256u) {
    let seen = atomicLoad(&own[cell]);
    if (seen > 0u) {
      atomicAdd(&counts[cell], seen);
    }
  }
}
