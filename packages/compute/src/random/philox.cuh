// Philox4x32-10 (Salmon et al. 2011, doi:10.1145/2063384.2063405). Mirrored by philox.ts, where the layout of key and
// counter stands.
#pragma once

__device__ __forceinline__ uint4 philox(uint2 key, uint4 counter) {
  unsigned k0 = key.x;
  unsigned k1 = key.y;
  uint4 c = counter;
#pragma unroll
  for (int round = 0; round < 10; round++) {
    const unsigned high0 = __umulhi(0xd2511f53u, c.x);
    const unsigned low0 = 0xd2511f53u * c.x;
    const unsigned high1 = __umulhi(0xcd9e8d57u, c.z);
    const unsigned low1 = 0xcd9e8d57u * c.z;
    c = make_uint4(high1 ^ c.y ^ k0, low1, high0 ^ c.w ^ k1, low0);
    k0 += 0x9e3779b9u;
    k1 += 0xbb67ae85u;
  }
  return c;
}
