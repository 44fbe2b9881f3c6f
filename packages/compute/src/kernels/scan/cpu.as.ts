/** values: u32[length + 1]: running sums, the sum of all last; total: u32[1], the same. */
export function scanSpread(values: usize, length: u32, total: usize): void {
  let sum: u32 = 0;
  const end = values + (<usize>length << 2);
  for (let at = values; at < end; at += 4) {
    const value = load<u32>(at);
    store<u32>(at, sum);
    sum += value;
  }
  store<u32>(end, sum);
  store<u32>(total, sum);
}
