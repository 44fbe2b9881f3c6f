#include "../../random/philox.cuh"

extern "C" __global__ void __launch_bounds__(64) philoxWords(
    unsigned items, uint4* __restrict__ words, unsigned seed0, unsigned seed1, unsigned stream0, unsigned stream1,
    unsigned counter0, unsigned counter1) {
  const unsigned block = blockIdx.x * blockDim.x + threadIdx.x;
  if (block >= items) return;
  const unsigned low = counter0 + block;
  const unsigned high = counter1 + (low < block ? 1u : 0u);
  words[block] = philox(make_uint2(seed0, seed1), make_uint4(low, high, stream0, stream1));
}
