// include ../../devices/item.wgsl

// Entries are the classes met before and then the rows of a chunk. An entry's key is `width` words, word w of entry i at
// words[w * stride + i]. A slot is 0, or an entry of the class it belongs to, plus 1: in the end its first.

struct Keep {
  items: u32,
  oldStride: u32,
  width: u32,
  stride: u32,
}

@group(0) @binding(0) var<storage, read> oldWords: array<u32>;
@group(0) @binding(1) var<storage, read> entries: array<u32>;
@group(0) @binding(2) var<storage, read_write> keptWords: array<u32>;
@group(0) @binding(3) var<uniform> keep: Keep;

// The keys of classes become the first entries of the next chunk.
@compute @workgroup_size(256)
fn classesKeep(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let id = item(workgroup, workgroups, local, 256u);
  if (id >= keep.items) {
    return;
  }
  for (var word = 0u; word < keep.width; word++) {
    keptWords[word * keep.stride + id] = oldWords[word * keep.oldStride + entries[id]];
  }
}

struct Insert {
  items: u32,
  stride: u32,
  width: u32,
  mask: u32,
  most: u32,
}

@group(0) @binding(0) var<storage, read> words: array<u32>;
@group(0) @binding(1) var<storage, read_write> slots: array<atomic<u32>>;
@group(0) @binding(2) var<storage, read_write> slotOf: array<u32>;
@group(0) @binding(3) var<storage, read_write> full: atomic<u32>;
@group(0) @binding(4) var<uniform> insert: Insert;

fn mix(value: u32) -> u32 {
  var hash = value * 0x7feb352du;
  hash ^= hash >> 15u;
  hash *= 0x846ca68bu;
  return hash ^ (hash >> 16u);
}

fn sameKey(a: u32, b: u32) -> bool {
  for (var word = 0u; word < insert.width; word++) {
    let row = word * insert.stride;
    if (words[row + a] != words[row + b]) {
      return false;
    }
  }
  return true;
}

// Finds each entry's slot, or takes a free one; the first entry of a class ends up in its slot, whoever came first. Where
// an entry looks at more than `most` slots the table is too full, and all give up.
@compute @workgroup_size(256)
fn classesInsert(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let entry = item(workgroup, workgroups, local, 256u);
  if (entry >= insert.items) {
    return;
  }
  var hash = 0u;
  for (var word = 0u; word < insert.width; word++) {
    hash = mix(hash ^ words[word * insert.stride + entry]);
  }
  var slot = hash & insert.mask;
  for (var looked = 0u; looked < insert.most; ) {
    if (atomicLoad(&full) != 0u) {
      return;
    }
    var held = atomicLoad(&slots[slot]);
    if (held == 0u) {
      let taken = atomicCompareExchangeWeak(&slots[slot], 0u, entry + 1u);
      if (taken.exchanged) {
        slotOf[entry] = slot;
        return;
      }
      held = taken.old_value;
      if (held == 0u) {
        continue;
      }
    }
    if (sameKey(held - 1u, entry)) {
      if (held > entry + 1u) {
        atomicMin(&slots[slot], entry + 1u);
      }
      slotOf[entry] = slot;
      return;
    }
    slot = (slot + 1u) & insert.mask;
    looked++;
  }
  atomicStore(&full, 1u);
}

struct Items {
  items: u32,
}

@group(0) @binding(0) var<storage, read> taken: array<u32>;
@group(0) @binding(1) var<storage, read> slotsOf: array<u32>;
@group(0) @binding(2) var<storage, read_write> isFirst: array<u32>;
@group(0) @binding(3) var<uniform> firsts: Items;

@compute @workgroup_size(256)
fn classesFirst(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let entry = item(workgroup, workgroups, local, 256u);
  if (entry >= firsts.items) {
    return;
  }
  isFirst[entry] = select(0u, 1u, taken[slotsOf[entry]] == entry + 1u);
}

@group(0) @binding(0) var<storage, read> before: array<u32>;
@group(0) @binding(1) var<storage, read> placeOf: array<u32>;
@group(0) @binding(2) var<storage, read_write> named: array<u32>;
@group(0) @binding(3) var<storage, read_write> firstEntries: array<u32>;
@group(0) @binding(4) var<uniform> naming: Items;

// Classes get their numbers in the order of their first entries; their slots hold the numbers from here on.
@compute @workgroup_size(256)
fn classesName(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let entry = item(workgroup, workgroups, local, 256u);
  if (entry >= naming.items || before[entry] == before[entry + 1u]) {
    return;
  }
  let id = before[entry];
  firstEntries[id] = entry;
  named[placeOf[entry]] = id;
}

struct Count {
  items: u32,
  known: u32,
}

@group(0) @binding(0) var<storage, read> numbers: array<u32>;
@group(0) @binding(1) var<storage, read> places: array<u32>;
@group(0) @binding(2) var<storage, read_write> counts: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read_write> ids: array<u32>;
@group(0) @binding(4) var<uniform> counting: Count;

// The class of each row of the chunk, whose entries begin at `known`.
@compute @workgroup_size(256)
fn classesCount(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let row = item(workgroup, workgroups, local, 256u);
  if (row >= counting.items) {
    return;
  }
  let id = numbers[places[counting.known + row]];
  ids[row] = id;
  atomicAdd(&counts[id], 1u);
}
