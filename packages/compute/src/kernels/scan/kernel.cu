// Sums of tiles of 64 values.
extern "C" __global__ void scanSum(unsigned items, const unsigned* values, unsigned length, unsigned* sums) {
  unsigned tile = blockIdx.x * blockDim.x + threadIdx.x;
  if (tile >= items) return;
  unsigned sum = 0;
  unsigned end = min(length, tile * 64 + 64);
  for (unsigned at = tile * 64; at < end; at++) sum += values[at];
  sums[tile] = sum;
}

// Running sums of each tile, from the sum of all tiles before it on.
extern "C" __global__ void scanSpread(
    unsigned items, const unsigned* before, unsigned* values, unsigned length, unsigned* total) {
  unsigned tile = blockIdx.x * blockDim.x + threadIdx.x;
  if (tile >= items) return;
  unsigned sum = before[tile];
  unsigned end = min(length, tile * 64 + 64);
  for (unsigned at = tile * 64; at < end; at++) {
    unsigned value = values[at];
    values[at] = sum;
    sum += value;
  }
  if (tile == items - 1) {
    values[length] = sum;
    *total = sum;
  }
}
