// A number below size from half an index and a key: see shuffled-index.ts.
__device__ __forceinline__ unsigned mixed(unsigned half, unsigned key, unsigned size) {
  unsigned hash = (half + key) * 0x7feb352du;
  hash ^= hash >> 15;
  hash *= 0x846ca68bu;
  return ((hash >> 16) * size + (((hash & 0xffffu) * size) >> 16)) >> 16;
}

// (half + step) modulo size, both below it.
__device__ __forceinline__ unsigned stepped(unsigned half, unsigned step, unsigned size) {
  unsigned sum = half + step;
  unsigned wrapped = sum - size;
  return sum < wrapped ? sum : wrapped;
}

extern "C" __global__ void shuffleIndexes(
    unsigned items,
    const unsigned* keys,
    unsigned* out,
    unsigned at,
    unsigned first,
    unsigned rows,
    unsigned left,
    unsigned right) {
  unsigned row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row >= items) return;
  unsigned index = first + row;
  do {
    unsigned high = index / right;
    unsigned low = index % right;
    for (int round = 0; round < 12; round += 2) {
      high = stepped(high, mixed(low, keys[round], left), left);
      low = stepped(low, mixed(high, keys[round + 1], right), right);
    }
    index = high * right + low;
  } while (index >= rows);
  // at + row can pass 2^32 only where the buffer has more than 16 GiB; the pointer does not wrap.
  out[(unsigned long long)at + row] = index < 2 ? index ^ keys[12] : index;
}
