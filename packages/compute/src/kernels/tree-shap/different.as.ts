/** The power of two that keeps a hash table of `count` keys at most half full. */
export function slotsFor(count: u32): u32 {
  let slots: u32 = 4;
  while (slots < 2 * count) slots <<= 1;
  return slots;
}

/**
 * Numbers the different patterns u64[rows]: ids u32[rows], keys u64[different]. Returns how many are different. table: a
 * hash table of `slots` entries of 16 bytes, [pattern, epoch, number], where an epoch that never was is an empty entry.
 */
export function distinguish(
  patterns: usize,
  rows: u32,
  table: usize,
  slots: u32,
  ids: usize,
  keys: usize,
  epoch: u32,
): u32 {
  const mask = slots - 1;
  let different: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const key = load<u64>(patterns + ((<usize>row) << 3));
    let slot = <u32>((key * 0x9e3779b97f4a7c15) >> 32) & mask;
    let entry = table + ((<usize>slot) << 4);
    while (load<u32>(entry, 8) == epoch && load<u64>(entry) != key) {
      slot = (slot + 1) & mask;
      entry = table + ((<usize>slot) << 4);
    }
    if (load<u32>(entry, 8) != epoch) {
      store<u64>(entry, key);
      store<u32>(entry, epoch, 8);
      store<u32>(entry, different, 12);
      store<u64>(keys + ((<usize>different) << 3), key);
      different++;
    }
    store<u32>(ids + ((<usize>row) << 2), load<u32>(entry, 12));
  }
  return different;
}
