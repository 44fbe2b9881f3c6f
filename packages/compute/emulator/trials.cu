// Kernels that do right and wrong on purpose: what the emulator itself is held to.

extern "C" __global__ void trialReverse(unsigned items, const unsigned* in, unsigned* out) {
  __shared__ unsigned tile[64];
  const unsigned at = blockIdx.x * blockDim.x + threadIdx.x;
  tile[threadIdx.x] = at < items ? in[at] : 0;
  __syncthreads();
  if (at < items) out[at] = tile[blockDim.x - 1 - threadIdx.x];
}

// The sum, the count of odd values and the largest value of each block, by shuffles, ballots and atomics.
extern "C" __global__ void __launch_bounds__(128) trialReduce(unsigned items, const unsigned* in, unsigned* out) {
  __shared__ unsigned sums[4];
  __shared__ unsigned largest;
  const unsigned at = blockIdx.x * blockDim.x + threadIdx.x;
  const unsigned value = at < items ? in[at] : 0;
  if (threadIdx.x == 0) largest = 0;
  __syncthreads();
  atomicMax(&largest, value);
  unsigned sum = value;
  for (int step = 16; step > 0; step /= 2) sum += __shfl_down_sync(0xffffffffu, sum, step);
  const unsigned odd = __popc(__ballot_sync(0xffffffffu, value & 1));
  if ((threadIdx.x & 31) == 0) {
    sums[threadIdx.x / 32] = sum;
    atomicAdd(&out[4 * blockIdx.x + 1], odd);
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    unsigned total = 0;
    for (unsigned warp = 0; warp < blockDim.x / 32; warp++) total += sums[warp];
    out[4 * blockIdx.x] = total;
    out[4 * blockIdx.x + 2] = largest;
  }
  const int below = __syncthreads_count(value < 10 && at < items);
  if (threadIdx.x == 0) out[4 * blockIdx.x + 3] = below;
}

// Inclusive prefix sums within each warp, and the sum with the neighbour in a pair.
extern "C" __global__ void trialScan(unsigned items, const int* in, int* sums, int* pairs) {
  const int lane = threadIdx.x & 31;
  int sum = in[threadIdx.x];
  for (int step = 1; step < 32; step *= 2) {
    const int other = __shfl_up_sync(0xffffffffu, sum, step);
    if (lane >= step) sum += other;
  }
  sums[threadIdx.x] = sum;
  pairs[threadIdx.x] = in[threadIdx.x] + __shfl_xor_sync(0xffffffffu, in[threadIdx.x], 1);
}

extern "C" __global__ void trialScalars(unsigned items, float* out, float f, int i, unsigned u) {
  if (blockIdx.x * blockDim.x + threadIdx.x != 0) return;
  out[0] = f;
  out[1] = __int_as_float(i);
  out[2] = __uint_as_float(u);
  out[3] = __uint_as_float(items);
}

// Product and sum are two roundings, fmaf is one.
extern "C" __global__ void trialRounding(unsigned items, const float* in, float* out) {
  out[0] = in[0] * in[1] + in[2];
  out[1] = fmaf(in[0], in[1], in[2]);
}

extern "C" __global__ void trialFill(unsigned items, unsigned* out, unsigned value) {
  const unsigned at = blockIdx.x * blockDim.x + threadIdx.x;
  if (at < items) out[at] = value;
}

// Lacks a barrier between writing shared memory and reading what the neighbour wrote.
extern "C" __global__ void trialRace(unsigned items, const unsigned* in, unsigned* out) {
  __shared__ unsigned tile[64];
  const unsigned at = blockIdx.x * blockDim.x + threadIdx.x;
  tile[threadIdx.x] = in[at];
  out[at] = tile[threadIdx.x == 0 ? 0 : threadIdx.x - 1];
}

// Reads shared memory that nobody has written.
extern "C" __global__ void trialUnwritten(unsigned items, unsigned* out) {
  __shared__ unsigned tile[2];
  if (out[1] == 1) tile[1] = 5;
  out[0] = tile[1];
}

extern "C" __global__ void trialWrong(unsigned items, unsigned* out, unsigned what) {
  __shared__ unsigned tile[8];
  const unsigned at = threadIdx.x;
  if (what == 0) out[at] = 1;
  if (what == 1) out[-1 - (int)at] = 1;
  if (what == 2) out[0] = 1u << (32 + at);
  if (what == 3) out[0] = 7 / at;
  if (what == 4) tile[8 + at] = 1;
  if (what == 5) out[0] = (unsigned)(-1.0f - at);
  if (what == 6 && at == 0) __syncwarp();
  if (what == 6 && at == 1) __syncthreads();
  if (what == 7) __trap();
  if (what == 8) *(uint2*)(out + 1) = make_uint2(1, 2);
  out[0] += tile[0];
}
