// Values lie column after column: float32[features][rows here], the rows filled up to tiles of 128. A sum begins with the
// bias and takes the inputs in their order.

struct Exponential {
  float value;
  // What `value` was rounded by.
  float rest;
};

// e^x for x up to 88. Coefficients as in activations.as.ts: Cephes 2.8, expf.c and tanhf.c.
__device__ __forceinline__ Exponential exponential(float given) {
  float value = fmaxf(given, -104.0f);
  float n = rintf(value * 1.44269504f);
  float r = fmaf(n, 2.12194440e-4f, fmaf(n, -0.693359375f, value));
  float p = fmaf(1.9875691500e-4f, r, 1.3981999507e-3f);
  p = fmaf(p, r, 8.3334519073e-3f);
  p = fmaf(p, r, 4.1665795894e-2f);
  p = fmaf(p, r, 1.6666665459e-1f);
  p = fmaf(p, r, 5.0000001201e-1f);
  float t = fmaf(p, r * r, r);
  float y = 1.0f + t;
  int k = (int)n;
  int half = k >> 1;
  float first = __int_as_float((half + 127) * 8388608);
  float second = __int_as_float((k - half + 127) * 8388608);
  return {y * first * second, (t - (y - 1.0f)) * first * second};
}

__device__ __forceinline__ float logistic(float value) {
  Exponential e = exponential(-fabsf(value));
  float total = 1.0f + e.value;
  float totalRest = (e.value - (total - 1.0f)) + e.rest;
  float quotient = (value < 0.0f ? e.value : 1.0f) / total;
  return quotient + ((value < 0.0f ? e.rest : 0.0f) - quotient * totalRest) / total;
}

__device__ __forceinline__ float hyperbolicTangent(float value) {
  float size = fabsf(value);
  if (size < 0.625f) {
    float z = value * value;
    float p = fmaf(-5.70498872745e-3f, z, 2.06390887954e-2f);
    p = fmaf(p, z, -5.37397155531e-2f);
    p = fmaf(p, z, 1.33314422036e-1f);
    p = fmaf(p, z, -3.33332819422e-1f);
    return fmaf(p * z, value, value);
  }
  float e = exponential(2.0f * fminf(size, 10.0f)).value;
  float large = 1.0f - 2.0f / (e + 1.0f);
  return value < 0.0f ? -large : large;
}

__device__ __forceinline__ float activated(float value, unsigned kind) {
  if (kind == 1) return logistic(value);
  if (kind == 2) return fmaxf(value, 0.0f);
  if (kind == 4) return hyperbolicTangent(value);
  return value;
}

__device__ __forceinline__ float4 activated(float4 value, unsigned kind) {
  return make_float4(activated(value.x, kind), activated(value.y, kind), activated(value.z, kind), activated(value.w, kind));
}

__device__ __forceinline__ void add(float4& sum, float4 value, float weight) {
  sum.x = fmaf(value.x, weight, sum.x);
  sum.y = fmaf(value.y, weight, sum.y);
  sum.z = fmaf(value.z, weight, sum.z);
  sum.w = fmaf(value.w, weight, sum.w);
}

// Four rows × eight outputs in registers. The threads of a warp share their weights and read rows side by side; those of a
// block share their rows, which stay in its cache. So nothing needs shared memory.
extern "C" __global__ void denseLayer(
    unsigned items,
    const float4* __restrict__ x,
    const float4* __restrict__ parameters,
    float4* __restrict__ y,
    unsigned groups,
    unsigned inputs,
    unsigned pairs,
    unsigned weights,
    unsigned bias,
    unsigned activation) {
  unsigned index = blockIdx.x * blockDim.x + threadIdx.x;
  if (index >= items) return;
  unsigned pair = (index >> 5) % pairs;
  unsigned rows = ((index >> 5) / pairs) * 32 + (index & 31);
  float4 b0 = parameters[bias + 2 * pair];
  float4 b1 = parameters[bias + 2 * pair + 1];
  float4 sums[8] = {
      make_float4(b0.x, b0.x, b0.x, b0.x), make_float4(b0.y, b0.y, b0.y, b0.y),
      make_float4(b0.z, b0.z, b0.z, b0.z), make_float4(b0.w, b0.w, b0.w, b0.w),
      make_float4(b1.x, b1.x, b1.x, b1.x), make_float4(b1.y, b1.y, b1.y, b1.y),
      make_float4(b1.z, b1.z, b1.z, b1.z), make_float4(b1.w, b1.w, b1.w, b1.w)};
  const float4* from = x + rows;
  const float4* weight = parameters + weights + (size_t)2 * pair * inputs;
#pragma unroll 4
  for (unsigned input = 0; input < inputs; input++) {
    float4 value = *from;
    float4 w0 = weight[input];
    float4 w1 = weight[inputs + input];
    add(sums[0], value, w0.x);
    add(sums[1], value, w0.y);
    add(sums[2], value, w0.z);
    add(sums[3], value, w0.w);
    add(sums[4], value, w1.x);
    add(sums[5], value, w1.y);
    add(sums[6], value, w1.z);
    add(sums[7], value, w1.w);
    from += groups;
  }
  float4* into = y + (size_t)8 * pair * groups + rows;
#pragma unroll
  for (int output = 0; output < 8; output++) into[(size_t)output * groups] = activated(sums[output], activation);
}

// One row: its columns through the view. odd: 1 where a value is not finite; it is taken as 0.
extern "C" __global__ void denseRead(
    unsigned items,
    const unsigned* __restrict__ table,
    const unsigned* __restrict__ view,
    const int* __restrict__ slots,
    unsigned* __restrict__ x,
    unsigned* __restrict__ odd,
    unsigned rows,
    unsigned first,
    unsigned last,
    unsigned here,
    unsigned inputs) {
  unsigned index = blockIdx.x * blockDim.x + threadIdx.x;
  if (index >= items) return;
  unsigned own = min(first + index, last);
  unsigned wrong = 0;
  for (unsigned column = 0; column < inputs; column++) {
    unsigned row = slots[column] < 0 ? own : view[(size_t)slots[column] * rows + own];
    unsigned word = table[(size_t)column * rows + row];
    bool finite = (word & 0x7f800000u) != 0x7f800000u;
    if (!finite) wrong = 1;
    x[(size_t)column * here + index] = finite ? word : 0;
  }
  odd[index] = wrong;
}

// One row × eight outputs: sums + Σ (x' − x) weights over the changed columns, each a column and its slot in the view.
extern "C" __global__ void denseUpdate(
    unsigned items,
    const float* __restrict__ table,
    const unsigned* __restrict__ view,
    const uint2* __restrict__ changed,
    const float4* __restrict__ parameters,
    const float* __restrict__ sums,
    float* __restrict__ y,
    unsigned rows,
    unsigned first,
    unsigned last,
    unsigned here,
    unsigned changes,
    unsigned inputs,
    unsigned weights,
    unsigned activation) {
  unsigned index = blockIdx.x * blockDim.x + threadIdx.x;
  if (index >= items) return;
  unsigned pair = index / here;
  unsigned row = index % here;
  unsigned own = min(first + row, last);
  size_t at = (size_t)8 * pair * here + row;
  float value[8];
#pragma unroll
  for (int output = 0; output < 8; output++) value[output] = sums[at + (size_t)output * here];
  for (unsigned change = 0; change < changes; change++) {
    size_t column = changed[change].x;
    unsigned other = view[(size_t)changed[change].y * rows + own];
    float difference = table[column * rows + other] - table[column * rows + own];
    const float4* weight = parameters + weights + (size_t)2 * pair * inputs + column;
    float4 w0 = weight[0];
    float4 w1 = weight[inputs];
    value[0] = fmaf(difference, w0.x, value[0]);
    value[1] = fmaf(difference, w0.y, value[1]);
    value[2] = fmaf(difference, w0.z, value[2]);
    value[3] = fmaf(difference, w0.w, value[3]);
    value[4] = fmaf(difference, w1.x, value[4]);
    value[5] = fmaf(difference, w1.y, value[5]);
    value[6] = fmaf(difference, w1.z, value[6]);
    value[7] = fmaf(difference, w1.w, value[7]);
  }
#pragma unroll
  for (int output = 0; output < 8; output++) y[at + (size_t)output * here] = activated(value[output], activation);
}

// One row: its outputs side by side, with softmax where there is one; NaN where a value was not finite.
extern "C" __global__ void denseWrite(
    unsigned items,
    const float* __restrict__ y,
    const unsigned* __restrict__ odd,
    float* __restrict__ out,
    unsigned here,
    unsigned outputs,
    unsigned softmax) {
  unsigned row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row >= items) return;
  bool finite = odd[row] == 0;
  float top = y[row];
  float total = 0.0f;
  if (softmax) {
    for (unsigned output = 1; output < outputs; output++) top = fmaxf(top, y[(size_t)output * here + row]);
    for (unsigned output = 0; output < outputs; output++) {
      total += exponential(y[(size_t)output * here + row] - top).value;
    }
  }
  for (unsigned output = 0; output < outputs; output++) {
    float value = y[(size_t)output * here + row];
    if (softmax) value = exponential(value - top).value / total;
    out[(size_t)row * outputs + output] = finite ? value : __int_as_float(0x7fc00000);
  }
}
