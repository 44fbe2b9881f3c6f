// Sends rows through trees: what the parts of a model are, pack.ts tells. Position p of the predictions is row p of the
// view, and row p modulo `period` of the table where a column is read as it is.

namespace {

constexpr int kGroup = 64;
constexpr int kStagedColumns = 32;

struct Sections {
  const uint2* trees;
  const uint2* nodes;
  const unsigned* exits;
  const uint2* tails;
  const unsigned long long* values;
  // Null where every tree adds to one output.
  const uint2* ranges;
  const unsigned long long* pairValues;
  const unsigned* pairOutputs;
  unsigned outputs;
  unsigned columns;
  unsigned linkShift;
};

template <class T>
__device__ __forceinline__ const T* section(const unsigned* model, unsigned word) {
  return (const T*)((const char*)model + model[word]);
}

__device__ __forceinline__ Sections sectionsOf(const unsigned* model) {
  Sections parts;
  parts.trees = section<uint2>(model, 0);
  parts.nodes = section<uint2>(model, 2);
  parts.exits = section<unsigned>(model, 3);
  parts.tails = section<uint2>(model, 4);
  parts.values = section<unsigned long long>(model, 5);
  parts.ranges = model[6] == 0 ? nullptr : section<uint2>(model, 6);
  parts.pairValues = section<unsigned long long>(model, 7);
  parts.pairOutputs = section<unsigned>(model, 8);
  parts.outputs = model[11];
  parts.columns = model[12];
  parts.linkShift = model[13];
  return parts;
}

// Of a float32, an integer in its order: see key.ts.
__device__ __forceinline__ int keyOf(unsigned bits) {
  const int key = (int)(bits ^ ((unsigned)((int)bits >> 31) >> 1));
  return (bits & 0x7fffffffu) > 0x7f800000u ? INT_MAX : key;
}

// The table as a row of the predictions sees it.
struct Row {
  const unsigned* table;
  const unsigned* indexes;
  // Two words for each column that the model asks: the table's column times 2, plus 1 where its sign is turned; its slot in
  // the view, or all ones.
  const unsigned* columns;
  unsigned tableRows;
  unsigned stride;
  unsigned position;
  unsigned plain;

  __device__ __forceinline__ int key(unsigned column) const {
    const uint2 asked = ((const uint2*)columns)[column];
    const unsigned row =
        asked.y == UINT_MAX ? plain : indexes[(unsigned long long)asked.y * stride + position];
    return keyOf(table[(unsigned long long)(asked.x >> 1) * tableRows + row] ^ (asked.x << 31));
  }
};

// Keys from shared memory: nobody reads another thread's.
struct StagedKeys {
  const int* keys;
  __device__ __forceinline__ int operator()(unsigned column) const { return keys[kGroup * column]; }
};

struct DirectKeys {
  Row row;
  unsigned never;
  __device__ __forceinline__ int operator()(unsigned column) const { return column == never ? INT_MIN : row.key(column); }
};

// Adds to the sums at `out` what a leaf adds.
__device__ __forceinline__ void addLeaf(const Sections& parts, unsigned long long* out, unsigned output, unsigned slot) {
  if (!parts.ranges) {
    out[output] += parts.values[slot];
    return;
  }
  const uint2 range = parts.ranges[slot];
  for (unsigned pair = range.x; pair < range.y; pair++) out[parts.pairOutputs[pair]] += parts.pairValues[pair];
}

template <class Keys>
__device__ __forceinline__ unsigned findSlot(const Sections& parts, const uint2* tree, const Keys& keys) {
  const uint2 shape = tree[0];
  const uint2 begin = tree[1];
  const uint2* nodes = parts.nodes + begin.x;
  unsigned place = 0;
  for (unsigned level = 0; level < shape.x; level++) {
    const uint2 node = nodes[place];
    place = 2 * place + 1 + (keys(node.y) > (int)node.x ? 1 : 0);
  }
  const unsigned slot = place + 1 - (1u << shape.x);
  if (shape.y == 0) return slot;
  const uint2* tails = parts.tails + tree[2].x;
  const unsigned mask = (1u << parts.linkShift) - 1;
  unsigned record = parts.exits[begin.y + slot];
  for (;;) {
    const uint2 link = tails[record];
    const unsigned column = link.y >> parts.linkShift;
    if (column == parts.columns) return link.x;
    record = (link.y & mask) + (keys(column) > (int)link.x ? 1 : 0);
  }
}

template <class Keys>
__device__ __forceinline__ void predict(
    const Sections& parts, const unsigned* order, const Keys& keys, const unsigned long long* start,
    unsigned long long* out, unsigned orderFrom, unsigned orderEnd, unsigned fresh) {
  if (fresh) {
    for (unsigned output = 0; output < parts.outputs; output++) out[output] = start[output];
  }
  const bool alone = parts.outputs == 1 && !parts.ranges;
  unsigned long long sum = out[0];
  for (unsigned index = orderFrom; index < orderEnd; index++) {
    const uint2* tree = parts.trees + 5 * (unsigned long long)order[index];
    const unsigned slot = tree[3].x + findSlot(parts, tree, keys);
    if (alone) sum += parts.values[slot];
    else addLeaf(parts, out, tree[2].y, slot);
  }
  if (alone) out[0] = sum;
}

}  // namespace

extern "C" __global__ void __launch_bounds__(64) forestStaged(
    unsigned items, const unsigned* __restrict__ table, const unsigned* __restrict__ indexes,
    const unsigned* __restrict__ columns, const unsigned* __restrict__ model,
    const unsigned long long* __restrict__ start, unsigned long long* __restrict__ out, unsigned tableRows,
    unsigned period, unsigned stride, unsigned first, unsigned outFirst, unsigned orderFrom, unsigned orderEnd,
    unsigned startPeriod, unsigned fresh) {
  __shared__ int staged[(kStagedColumns + 1) * kGroup];
  const unsigned item = blockIdx.x * blockDim.x + threadIdx.x;
  if (item >= items) return;
  const unsigned position = first + item;
  const Sections parts = sectionsOf(model);
  const Row row{table, indexes, columns, tableRows, stride, position, position % period};
  for (unsigned column = 0; column < parts.columns; column++) staged[kGroup * column + threadIdx.x] = row.key(column);
  staged[kGroup * parts.columns + threadIdx.x] = INT_MIN;
  const StagedKeys keys{staged + threadIdx.x};
  predict(
      parts, columns + 2 * parts.columns, keys, start + (unsigned long long)(position % startPeriod) * parts.outputs,
      out + (unsigned long long)(position - outFirst) * parts.outputs, orderFrom, orderEnd, fresh);
}

extern "C" __global__ void __launch_bounds__(64) forestDirect(
    unsigned items, const unsigned* __restrict__ table, const unsigned* __restrict__ indexes,
    const unsigned* __restrict__ columns, const unsigned* __restrict__ model,
    const unsigned long long* __restrict__ start, unsigned long long* __restrict__ out, unsigned tableRows,
    unsigned period, unsigned stride, unsigned first, unsigned outFirst, unsigned orderFrom, unsigned orderEnd,
    unsigned startPeriod, unsigned fresh) {
  const unsigned item = blockIdx.x * blockDim.x + threadIdx.x;
  if (item >= items) return;
  const unsigned position = first + item;
  const Sections parts = sectionsOf(model);
  const DirectKeys keys{{table, indexes, columns, tableRows, stride, position, position % period}, parts.columns};
  predict(
      parts, columns + 2 * parts.columns, keys, start + (unsigned long long)(position % startPeriod) * parts.outputs,
      out + (unsigned long long)(position - outFirst) * parts.outputs, orderFrom, orderEnd, fresh);
}
