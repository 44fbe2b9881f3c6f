// Rows are packed in blocks of eight: float32[blocks][columns][8]. Compiled without fusing products and sums: distances
// have the same bits on every device.

// What no distance reaches.
#define NONE 3.402823466e+38f
#define NO_INDEX 0xffffffffu

// One row, those that fill the last block too. odd: 0, or 1 + 2 * column of the first value that is infinite, 2 + 2 *
// column of one that is NaN.
extern "C" __global__ void nearestBlocks(
    unsigned items,
    const unsigned* __restrict__ table,
    unsigned* __restrict__ packed,
    unsigned* __restrict__ odd,
    unsigned rows,
    unsigned columns) {
  unsigned row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row >= items) return;
  unsigned own = min(row, rows - 1);
  size_t into = (size_t)(row >> 3) * columns * 8 + (row & 7);
  unsigned wrong = 0;
  for (unsigned column = 0; column < columns; column++) {
    unsigned word = table[(size_t)column * rows + own];
    if ((word & 0x7f800000u) == 0x7f800000u && wrong == 0) wrong = 2 * column + ((word & 0x7fffffu) == 0 ? 1 : 2);
    packed[into] = word;
    into += 8;
  }
  odd[row] = wrong;
}

__device__ __forceinline__ void square(float& sum, float difference) {
  sum = sum + difference * difference;
}

// One query and one segment of the references: the k nearest, in the lists distances[k][items] and indexes[k][items].
extern "C" __global__ void nearestSegment(
    unsigned items,
    const float* __restrict__ queries,
    const float4* __restrict__ references,
    const float* __restrict__ scales,
    float* __restrict__ distances,
    unsigned* __restrict__ indexes,
    unsigned first,
    unsigned count,
    unsigned rows,
    unsigned blocksEach,
    unsigned columns,
    unsigned scaled,
    unsigned k,
    unsigned exclude,
    unsigned) {
  unsigned index = blockIdx.x * blockDim.x + threadIdx.x;
  if (index >= items) return;
  unsigned query = first + index % count;
  unsigned segment = index / count;
  const float* own = queries + (size_t)(query >> 3) * columns * 8 + (query & 7);
  for (unsigned place = 0; place < k; place++) {
    distances[(size_t)place * items + index] = NONE;
    indexes[(size_t)place * items + index] = NO_INDEX;
  }
  float threshold = NONE;
  unsigned begin = segment * blocksEach;
  unsigned end = min(begin + blocksEach, (rows + 7) / 8);
  for (unsigned block = begin; block < end; block++) {
    float sums[8] = {0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 0.0f};
    const float4* reference = references + (size_t)2 * block * columns;
    const float* value = own;
    unsigned column = 0;
    bool near = true;
    while (near && column < columns) {
      // Pairs that are too far apart already are given up: sums of squares only grow.
      unsigned until = min(column + 32, columns);
      for (; column < until; column++) {
        float q = *value;
        float4 a = reference[0];
        float4 b = reference[1];
        float s = scaled ? scales[column] : 1.0f;
        square(sums[0], (q - a.x) * s);
        square(sums[1], (q - a.y) * s);
        square(sums[2], (q - a.z) * s);
        square(sums[3], (q - a.w) * s);
        square(sums[4], (q - b.x) * s);
        square(sums[5], (q - b.y) * s);
        square(sums[6], (q - b.z) * s);
        square(sums[7], (q - b.w) * s);
        value += 8;
        reference += 2;
      }
      near = false;
#pragma unroll
      for (int lane = 0; lane < 8; lane++) near = near || sums[lane] < threshold;
    }
    if (!near) continue;
#pragma unroll
    for (int lane = 0; lane < 8; lane++) {
      float distance = sums[lane];
      unsigned candidate = 8 * block + lane;
      if (!(distance < threshold) || candidate >= rows || (exclude && candidate == query)) continue;
      // Behind its equals: these have lower indexes.
      unsigned place = k - 1;
      while (place > 0) {
        size_t before = (size_t)(place - 1) * items + index;
        if (distances[before] <= distance) break;
        distances[before + items] = distances[before];
        indexes[before + items] = indexes[before];
        place--;
      }
      distances[(size_t)place * items + index] = distance;
      indexes[(size_t)place * items + index] = candidate;
      threshold = distances[(size_t)(k - 1) * items + index];
    }
  }
}

// One query: the k nearest of all its segments' lists, side by side. Of equal distances the earlier segment's comes first.
extern "C" __global__ void nearestMerge(
    unsigned items,
    const float* __restrict__ listDistances,
    const unsigned* __restrict__ listIndexes,
    float* __restrict__ distances,
    unsigned* __restrict__ indexes,
    unsigned segments,
    unsigned k) {
  unsigned query = blockIdx.x * blockDim.x + threadIdx.x;
  if (query >= items) return;
  size_t lists = (size_t)items * segments;
  unsigned heads[32] = {};
  for (unsigned place = 0; place < k; place++) {
    float best = NONE;
    unsigned winner = 0;
    for (unsigned list = 0; list < segments; list++) {
      float head = listDistances[heads[list] * lists + (size_t)list * items + query];
      if (head < best) {
        best = head;
        winner = list;
      }
    }
    // Beyond the last of a list nothing is read: as many as k are taken in all.
    distances[(size_t)query * k + place] = best;
    indexes[(size_t)query * k + place] = listIndexes[heads[winner] * lists + (size_t)winner * items + query];
    heads[winner]++;
  }
}
