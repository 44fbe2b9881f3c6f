// What one background row gives to one row that reaches a leaf together with it.

/** ∫ t^a (1−t)^b; betas: f64[65][65]. */
@inline function beta(betas: usize, a: u32, b: u32): f64 {
  return load<f64>(betas + ((<usize>(a * 65 + b)) << 3));
}

/**
 * Adds to f64[places][channels] what a background row of weights f64[channels] that misses the players `missed` gives to
 * a row that does not meet `unmet`, of `count` players; the two have no player in common. See leaf.as.ts. With `second`
 * the places are pairs i ≤ j, half of an interaction in each, and values where i = j.
 */
@inline export function addMeeting(
  into: usize,
  weights: usize,
  channels: u32,
  betas: usize,
  count: u32,
  missed: u64,
  unmet: u64,
  second: bool,
): void {
  const a = <u32>popcnt(missed);
  const b = <u32>popcnt(unmet);
  const up = a > 0 ? beta(betas, a - 1, b) : 0;
  const down = b > 0 ? -beta(betas, a, b - 1) : 0;
  if (!second) {
    for (let rest = missed; rest != 0; rest &= rest - 1) add(into + (((<usize>ctz(rest)) * channels) << 3), weights, channels, up);
    for (let rest = unmet; rest != 0; rest &= rest - 1) add(into + (((<usize>ctz(rest)) * channels) << 3), weights, channels, down);
    return;
  }
  for (let rest = missed | unmet; rest != 0; rest &= rest - 1) {
    const i = <u32>ctz(rest);
    const own = ((missed >> i) & 1) != 0;
    const row = into + (((<usize>(i * count - (i * (i - 1)) / 2)) * channels) << 3);
    add(row, weights, channels, own ? up : down);
    for (let more = rest & (rest - 1); more != 0; more &= more - 1) {
      const j = <u32>ctz(more);
      const also = ((missed >> j) & 1) != 0;
      const half = 0.5 * (own != also ? -beta(betas, a - 1, b - 1) : own ? beta(betas, a - 2, b) : beta(betas, a, b - 2));
      add(row + (((<usize>(j - i)) * channels) << 3), weights, channels, half);
    }
  }
}

@inline function add(to: usize, weights: usize, channels: u32, factor: f64): void {
  for (let channel: u32 = 0; channel < channels; channel++) {
    const at = (<usize>channel) << 3;
    store<f64>(to + at, load<f64>(to + at) + factor * load<f64>(weights + at));
  }
}
