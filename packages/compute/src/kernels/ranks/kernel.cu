// Doubles are two words, the lower first; codes are of 1, 2 or 4 bytes. `order` holds row numbers.

__device__ __forceinline__ unsigned codeAt(const void* codes, unsigned width, unsigned row) {
  return width == 1   ? ((const unsigned char*)codes)[row]
         : width == 2 ? ((const unsigned short*)codes)[row]
                      : ((const unsigned*)codes)[row];
}

__device__ __forceinline__ bool isNan(uint2 value) {
  unsigned rest = value.y & 0x7fffffffu;
  return rest > 0x7ff00000u || (rest == 0x7ff00000u && value.x != 0);
}

// Words that rise as the doubles do; 0 and −0 have the same.
__device__ __forceinline__ uint2 keyOf(uint2 value) {
  if (value.y >= 0x80000000u && (value.y != 0x80000000u || value.x != 0)) return make_uint2(~value.x, ~value.y);
  return make_uint2(value.x, value.y | 0x80000000u);
}

__device__ __forceinline__ bool differ(uint2 a, uint2 b) {
  uint2 x = keyOf(a);
  uint2 y = keyOf(b);
  return x.x != y.x || x.y != y.y;
}

// Sets status to 1 where a code is not below its size.
extern "C" __global__ void ranksValid(
    unsigned items, const void* codes, unsigned width, unsigned size, unsigned* status) {
  unsigned row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row >= items) return;
  if (codeAt(codes, width, row) >= size) atomicExch(status, 1u);
}

// 1 for rows that have a stratum, a score and a weight.
extern "C" __global__ void ranksKeep(
    unsigned items,
    const uint2* scores,
    const uint2* weights,
    unsigned hasWeights,
    const void* strata,
    unsigned width,
    unsigned* kept) {
  unsigned row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row >= items) return;
  bool isKept = !isNan(scores[row]) && codeAt(strata, width, row) != 0;
  if (hasWeights != 0) isKept = isKept && !isNan(weights[row]);
  kept[row] = isKept ? 1 : 0;
}

// The rows that are kept, in their order; `placed` has the kept ones before each.
extern "C" __global__ void ranksCollect(unsigned items, const unsigned* placed, unsigned* order) {
  unsigned row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row >= items || placed[row] == placed[row + 1]) return;
  order[placed[row]] = row;
}

// Which bits are 1 in some word, and which are 0 in some.
__device__ __forceinline__ void note(unsigned word, unsigned* seen) {
  if ((word & ~*(volatile unsigned*)seen) != 0) atomicOr(seen, word);
  if ((~word & ~*(volatile unsigned*)(seen + 1)) != 0) atomicOr(seen + 1, ~word);
}

// One half of the keys of the rows, in their order so far.
extern "C" __global__ void ranksWords(
    unsigned items, const uint2* doubles, unsigned half, const unsigned* order, unsigned* words, unsigned* seen) {
  unsigned place = blockIdx.x * blockDim.x + threadIdx.x;
  if (place >= items) return;
  uint2 key = keyOf(doubles[order[place]]);
  unsigned word = half == 0 ? key.x : key.y;
  words[place] = word;
  note(word, seen);
}

// The parts of the rows, in their order so far.
extern "C" __global__ void ranksCodes(
    unsigned items, const void* parts, unsigned width, const unsigned* order, unsigned* words, unsigned* seen) {
  unsigned place = blockIdx.x * blockDim.x + threadIdx.x;
  if (place >= items) return;
  unsigned word = codeAt(parts, width, order[place]);
  words[place] = word;
  note(word, seen);
}

// How often each value of a digit of four bits is in each tile of 64 words: at value * tiles + tile.
extern "C" __global__ void ranksDigits(
    unsigned items, const unsigned* words, unsigned shift, unsigned length, unsigned* counts) {
  unsigned tile = blockIdx.x * blockDim.x + threadIdx.x;
  if (tile >= items) return;
  unsigned own[16] = {0};
  unsigned end = min(length, tile * 64 + 64);
  for (unsigned place = tile * 64; place < end; place++) own[(words[place] >> shift) & 15]++;
  for (unsigned value = 0; value < 16; value++) counts[value * items + tile] = own[value];
}

// Moves words and rows to where the digit puts them, tile by tile in their order.
extern "C" __global__ void ranksMove(
    unsigned items,
    const unsigned* words,
    const unsigned* order,
    const unsigned* starts,
    unsigned shift,
    unsigned length,
    unsigned* nextWords,
    unsigned* nextOrder) {
  unsigned tile = blockIdx.x * blockDim.x + threadIdx.x;
  if (tile >= items) return;
  unsigned own[16];
  for (unsigned value = 0; value < 16; value++) own[value] = starts[value * items + tile];
  unsigned end = min(length, tile * 64 + 64);
  for (unsigned place = tile * 64; place < end; place++) {
    unsigned word = words[place];
    unsigned next = own[(word >> shift) & 15]++;
    nextWords[next] = word;
    nextOrder[next] = order[place];
  }
}

// 1 where an entry begins: the row before has another score, weight or part.
extern "C" __global__ void ranksNew(
    unsigned items,
    const uint2* scores,
    const uint2* weights,
    unsigned hasWeights,
    const void* parts,
    unsigned partWidth,
    const unsigned* order,
    unsigned* isNew) {
  unsigned place = blockIdx.x * blockDim.x + threadIdx.x;
  if (place >= items) return;
  if (place == 0) {
    isNew[0] = 1;
    return;
  }
  unsigned row = order[place];
  unsigned other = order[place - 1];
  bool differs = differ(scores[row], scores[other]);
  if (hasWeights != 0) differs = differs || differ(weights[row], weights[other]);
  if (partWidth != 0) differs = differs || codeAt(parts, partWidth, row) != codeAt(parts, partWidth, other);
  isNew[place] = differs ? 1 : 0;
}

// The doubles of the entries; `entries` has those that begin before each row.
extern "C" __global__ void ranksKeys(
    unsigned items, const uint2* doubles, const unsigned* order, const unsigned* entries, uint2* keys) {
  unsigned place = blockIdx.x * blockDim.x + threadIdx.x;
  if (place >= items || entries[place] == entries[place + 1]) return;
  uint2 value = doubles[order[place]];
  if (value.x == 0 && value.y == 0x80000000u) value.y = 0;
  keys[entries[place]] = value;
}

// Counts the rows of each code, from `least` on: at (code − least) * stride + entry; or, once for each entry, its part.
extern "C" __global__ void ranksRows(
    unsigned items,
    const void* codes,
    unsigned width,
    const unsigned* order,
    const unsigned* entries,
    unsigned least,
    unsigned stride,
    unsigned once,
    unsigned* counts) {
  unsigned place = blockIdx.x * blockDim.x + threadIdx.x;
  if (place >= items) return;
  unsigned entry = entries[place + 1] - 1;
  unsigned code = codeAt(codes, width, order[place]) - least;
  if (once == 0) {
    atomicAdd(&counts[code * stride + entry], 1u);
  } else if (entries[place] != entries[place + 1]) {
    atomicAdd(&counts[code], 1u);
  }
}
