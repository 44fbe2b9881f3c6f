// Integers only: values are whole multiples of a unit for each target (see fixed-point.ts), so that every GPU gives the
// same bits. program.ts tells what words hold, ranks.ts what ranks are.

// Item i: row i % rows of ranked column i / rows. thresholds: as ordered bits, see `orderedBits` of fixed-point.ts.
extern "C" __global__ void treeShapRankRows(
    unsigned items,
    const unsigned* table,
    const unsigned* columns,
    const unsigned* thresholds,
    unsigned* ranked,
    unsigned tableRows,
    unsigned first,
    unsigned rows) {
  unsigned index = blockIdx.x * blockDim.x + threadIdx.x;
  if (index >= items) return;
  const unsigned* column = columns + 6 * (index / rows);
  unsigned row = index % rows;
  unsigned bits = table[(size_t)column[0] * tableRows + first + row];
  if ((bits & 0x7fffffffu) > 0x7f800000u) {
    ranked[index] = 0xffffffffu;
    return;
  }
  if (bits == 0x80000000u) bits = 0;
  unsigned ordered = bits >> 31 ? ~bits : bits | 0x80000000u;
  unsigned low = column[1];
  unsigned high = column[2];
  while (low < high) {
    unsigned middle = (low + high) >> 1;
    if (thresholds[middle] < ordered)
      low = middle + 1;
    else
      high = middle;
  }
  unsigned rank = low - column[1];
  if (column[3]) rank = 2 * rank + (low < column[2] && thresholds[low] == ordered);
  ranked[index] = rank;
}

// The code of a row in a block; ranks are column after column of `rows` rows.
__device__ __forceinline__ unsigned codeOf(
    const unsigned* words, const unsigned* block, const unsigned* ranks, unsigned rows, unsigned row) {
  unsigned code = 0;
  unsigned bit = 1;
  unsigned met = 1;
  const unsigned* test = words + block[0];
  const unsigned* end = test + 4 * block[1];
  for (; test < end; test += 4) {
    unsigned kind = test[3];
    if (kind & 7) met &= ranks[(size_t)(test[0] >> 2) * rows + row] - test[1] < test[2];
    if (kind & 8) {
      code |= bit * met;
      bit <<= 1;
      met = 1;
    }
  }
  return code;
}

// Block w of threads counts the codes of slice w % slices of the rows in block w / slices of the trees, then adds to the
// whole.
extern "C" __global__ void treeShapCountRows(
    unsigned items,
    const unsigned* words,
    const unsigned* ranks,
    const unsigned* times,
    unsigned* counts,
    unsigned rows,
    unsigned slices,
    unsigned weighted,
    unsigned blocks) {
  __shared__ unsigned own[2048];
  unsigned number = blockIdx.x / slices;
  if (number >= blocks) return;
  const unsigned* block = words + 12 * number;
  unsigned codes = 1u << block[2];
  for (unsigned code = threadIdx.x; code < codes; code += blockDim.x) own[code] = 0;
  __syncthreads();
  unsigned slice = blockIdx.x % slices;
  unsigned length = (rows + slices - 1) / slices;
  unsigned end = min(rows, (slice + 1) * length);
  for (unsigned row = slice * length + threadIdx.x; row < end; row += blockDim.x) {
    atomicAdd(&own[codeOf(words, block, ranks, rows, row)], weighted ? times[row] : 1u);
  }
  __syncthreads();
  for (unsigned code = threadIdx.x; code < codes; code += blockDim.x) {
    if (own[code] > 0) atomicAdd(&counts[block[8] + code], own[code]);
  }
}

// Item: a row. entries: for each block i32[codes][slots]; sums: target after target of `items` rows.
extern "C" __global__ void treeShapAddRows(
    unsigned items,
    const unsigned* words,
    const unsigned* ranks,
    const int* entries,
    int* sums,
    unsigned first,
    unsigned blocks) {
  unsigned row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row >= items) return;
  for (unsigned number = first; number < first + blocks; number++) {
    const unsigned* block = words + 12 * number;
    unsigned slots = block[6];
    const unsigned* list = words + block[5];
    const int* from = entries + (size_t)block[7] + (size_t)codeOf(words, block, ranks, items, row) * slots;
    for (unsigned slot = 0; slot < slots; slot++) sums[(size_t)list[slot] * items + row] += from[slot];
  }
}
