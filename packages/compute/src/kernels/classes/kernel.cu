// Entries are the classes met before and then the rows of a chunk. An entry's key is `width` words, word w of entry i at
// words[w * stride + i]. A slot is 0, or an entry of the class it belongs to, plus 1: in the end its first.

// The keys of classes become the first entries of the next chunk.
extern "C" __global__ void classesKeep(
    unsigned items,
    const unsigned* oldWords,
    unsigned oldStride,
    const unsigned* entries,
    unsigned width,
    unsigned* words,
    unsigned stride) {
  unsigned id = blockIdx.x * blockDim.x + threadIdx.x;
  if (id >= items) return;
  for (unsigned word = 0; word < width; word++) words[word * stride + id] = oldWords[word * oldStride + entries[id]];
}

__device__ __forceinline__ unsigned mix(unsigned value) {
  unsigned hash = value * 0x7feb352du;
  hash ^= hash >> 15;
  hash *= 0x846ca68bu;
  return hash ^ (hash >> 16);
}

__device__ __forceinline__ bool sameKey(
    const unsigned* words, unsigned stride, unsigned width, unsigned a, unsigned b) {
  for (unsigned word = 0; word < width; word++) {
    if (words[word * stride + a] != words[word * stride + b]) return false;
  }
  return true;
}

// Finds each entry's slot, or takes a free one; the first entry of a class ends up in its slot, whoever came first. Where
// an entry looks at more than `most` slots the table is too full, and all give up.
extern "C" __global__ void classesInsert(
    unsigned items,
    const unsigned* words,
    unsigned stride,
    unsigned width,
    unsigned* slots,
    unsigned mask,
    unsigned most,
    unsigned* slotOf,
    unsigned* full) {
  unsigned entry = blockIdx.x * blockDim.x + threadIdx.x;
  if (entry >= items) return;
  unsigned hash = 0;
  for (unsigned word = 0; word < width; word++) hash = mix(hash ^ words[word * stride + entry]);
  unsigned slot = hash & mask;
  for (unsigned looked = 0; looked < most; looked++) {
    if (*(volatile unsigned*)full != 0) return;
    unsigned held = *(volatile unsigned*)&slots[slot];
    if (held == 0) held = atomicCAS(&slots[slot], 0u, entry + 1);
    if (held == 0 || sameKey(words, stride, width, held - 1, entry)) {
      if (held > entry + 1) atomicMin(&slots[slot], entry + 1);
      slotOf[entry] = slot;
      return;
    }
    slot = (slot + 1) & mask;
  }
  atomicExch(full, 1u);
}

extern "C" __global__ void classesFirst(
    unsigned items, const unsigned* slots, const unsigned* slotOf, unsigned* isFirst) {
  unsigned entry = blockIdx.x * blockDim.x + threadIdx.x;
  if (entry >= items) return;
  isFirst[entry] = slots[slotOf[entry]] == entry + 1 ? 1 : 0;
}

// Classes get their numbers in the order of their first entries; their slots hold the numbers from here on.
extern "C" __global__ void classesName(
    unsigned items, const unsigned* before, const unsigned* slotOf, unsigned* slots, unsigned* firstEntries) {
  unsigned entry = blockIdx.x * blockDim.x + threadIdx.x;
  if (entry >= items || before[entry] == before[entry + 1]) return;
  unsigned id = before[entry];
  firstEntries[id] = entry;
  slots[slotOf[entry]] = id;
}

// The class of each row of the chunk, whose entries begin at `known`.
extern "C" __global__ void classesCount(
    unsigned items, const unsigned* slots, const unsigned* slotOf, unsigned known, unsigned* counts, unsigned* ids) {
  unsigned row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row >= items) return;
  unsigned id = slots[slotOf[known + row]];
  ids[row] = id;
  atomicAdd(&counts[id], 1u);
}
