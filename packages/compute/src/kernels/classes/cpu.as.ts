// Entries of the classes kernel. A row's key is `width` words, word w of row i at words[w * stride + i]; class c has its
// key at keys[c * width]. A slot is 0, or a hash in its lower half and a class + 1 in its upper.
const NONE: u32 = 0xffffffff;
const STATUS_COUNT: u32 = 1;

/** One step of the hash; from one word to a hash it is a bijection, so that equal hashes are equal keys. */
@inline function mix(value: u32): u32 {
  let hash = value * 0x7feb352d;
  hash ^= hash >> 15;
  hash *= 0x846ca68b;
  return hash ^ (hash >> 16);
}

@inline function mix4(value: v128): v128 {
  let hash = i32x4.mul(value, i32x4.splat(0x7feb352d));
  hash = v128.xor(hash, i32x4.shr_u(hash, 15));
  hash = i32x4.mul(hash, i32x4.splat(<i32>0x846ca68b));
  return v128.xor(hash, i32x4.shr_u(hash, 16));
}

/** `key` and `step`: where the words of a key begin, and the bytes from one to the next. */
@inline function hashOf(key: usize, step: usize, width: u32): u32 {
  let hash: u32 = 0;
  for (let word: u32 = 0; word < width; word++) hash = mix(hash ^ load<u32>(key + <usize>word * step));
  return hash;
}

@inline function sameKey(a: usize, key: usize, step: usize, width: u32): bool {
  for (let word: u32 = 0; word < width; word++) {
    if (load<u32>(a + (word << 2)) != load<u32>(key + <usize>word * step)) return false;
  }
  return true;
}

/** The class of a key, or NONE where it has none so far. */
@inline function find(hash: u32, key: usize, step: usize, width: u32, slots: usize, mask: u32, keys: usize): u32 {
  let slot = hash & mask;
  let entry = load<u64>(slots + (<usize>slot << 3));
  while (entry != 0) {
    const id = <u32>(entry >> 32) - 1;
    if (<u32>entry == hash && (width == 1 || sameKey(keys + (<usize>id * width << 2), key, step, width))) return id;
    slot = (slot + 1) & mask;
    entry = load<u64>(slots + (<usize>slot << 3));
  }
  return NONE;
}

/** ids: u32[rows]: the class of each row among those that there are, or NONE. Nothing is changed, so rows are independent. */
export function classesFind(
  words: usize,
  stride: u32,
  width: u32,
  slots: usize,
  mask: u32,
  keys: usize,
  ids: usize,
  status: usize,
  begin: u32,
  end: u32,
): void {
  if (load<u32>(status) != 0) return;
  const step = <usize>stride << 2;
  const whole = begin + ((end - begin) & ~3);
  for (let row = begin; row < whole; row += 4) {
    const key = words + (<usize>row << 2);
    let hash = i32x4.splat(0);
    for (let word: u32 = 0; word < width; word++) hash = mix4(v128.xor(hash, v128.load(key + <usize>word * step)));
    const out = ids + (<usize>row << 2);
    store<u32>(out, find(<u32>i32x4.extract_lane(hash, 0), key, step, width, slots, mask, keys));
    store<u32>(out, find(<u32>i32x4.extract_lane(hash, 1), key + 4, step, width, slots, mask, keys), 4);
    store<u32>(out, find(<u32>i32x4.extract_lane(hash, 2), key + 8, step, width, slots, mask, keys), 8);
    store<u32>(out, find(<u32>i32x4.extract_lane(hash, 3), key + 12, step, width, slots, mask, keys), 12);
  }
  for (let row = whole; row < end; row++) {
    const key = words + (<usize>row << 2);
    store<u32>(
      ids + (<usize>row << 2),
      find(hashOf(key, step, width), key, step, width, slots, mask, keys),
    );
  }
}

/** The first free slot for a hash. */
@inline function freeSlot(hash: u32, slots: usize, mask: u32): usize {
  let slot = hash & mask;
  while (load<u64>(slots + (<usize>slot << 3)) != 0) slot = (slot + 1) & mask;
  return slots + (<usize>slot << 3);
}

/**
 * Makes classes of the rows that have none, in the order of the rows, and counts all rows: classes: u32[1], how many there
 * are; counts: f64[], firsts: u32[], the first row of each, the rows here being numbered from `first` on. times: f64[rows],
 * or any where each row counts once; a row of 0 times is of no class.
 */
export function classesAdd(
  words: usize,
  stride: u32,
  width: u32,
  slots: usize,
  mask: u32,
  keys: usize,
  ids: usize,
  times: usize,
  hasTimes: u32,
  rows: u32,
  first: u32,
  counts: usize,
  firsts: usize,
  classes: usize,
  status: usize,
): void {
  if (load<u32>(status) != 0) return;
  const step = <usize>stride << 2;
  let made = load<u32>(classes);
  for (let row: u32 = 0; row < rows; row++) {
    const at = ids + (<usize>row << 2);
    let count: f64 = 1;
    if (hasTimes) {
      count = load<f64>(times + (<usize>row << 3));
      if (!(count >= 0 && count <= 9007199254740991.0 && floor<f64>(count) == count)) {
        store<u32>(status, STATUS_COUNT);
        return;
      }
      if (count == 0) {
        store<u32>(at, NONE);
        continue;
      }
    }
    let id = load<u32>(at);
    if (id == NONE) {
      const key = words + (<usize>row << 2);
      const hash = hashOf(key, step, width);
      id = find(hash, key, step, width, slots, mask, keys);
      if (id == NONE) {
        id = made++;
        store<u64>(freeSlot(hash, slots, mask), <u64>hash | (<u64>made << 32));
        const own = keys + (<usize>id * width << 2);
        for (let word: u32 = 0; word < width; word++) store<u32>(own + (word << 2), load<u32>(key + <usize>word * step));
        store<u32>(firsts + (<usize>id << 2), first + row);
        store<f64>(counts + (<usize>id << 3), 0);
      }
      store<u32>(at, id);
    }
    const total = counts + (<usize>id << 3);
    store<f64>(total, load<f64>(total) + count);
  }
  store<u32>(classes, made);
}

/** Puts classes into slots that are all empty. */
export function classesPlace(keys: usize, width: u32, classes: u32, slots: usize, mask: u32): void {
  for (let id: u32 = 0; id < classes; id++) {
    const hash = hashOf(keys + (<usize>id * width << 2), 4, width);
    store<u64>(freeSlot(hash, slots, mask), <u64>hash | (<u64>(id + 1) << 32));
  }
}

export function classesCopy(from: usize, to: usize, bytes: u32): void {
  memory.copy(to, from, bytes);
}
