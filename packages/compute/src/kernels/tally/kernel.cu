extern "C" __global__ void tallyCells(
    unsigned items,
    const void* codes,
    unsigned width,
    unsigned size,
    unsigned begins,
    unsigned fault,
    unsigned* cells,
    unsigned at,
    unsigned* status) {
  unsigned row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row >= items) return;
  unsigned code = width == 1   ? ((const unsigned char*)codes)[row]
                  : width == 2 ? ((const unsigned short*)codes)[row]
                               : ((const unsigned*)codes)[row];
  if (code >= size) atomicExch(status, fault);
  unsigned* cell = cells + at + row;
  *cell = begins ? code : *cell * size + code;
}

// Where a code was out of range a cell may be any number: it is passed by, and the status tells of it.
extern "C" __global__ void tallyCountMany(
    unsigned items, const unsigned* cells, unsigned* counts, unsigned rows, unsigned size) {
  unsigned first = blockIdx.x * blockDim.x + threadIdx.x;
  if (first >= items) return;
  for (unsigned row = first; row < rows; row += items) {
    unsigned cell = cells[row];
    if (cell < size) atomicAdd(&counts[cell], 1u);
  }
}

// The same for at most 4096 cells: each block counts by itself before it adds to the whole.
extern "C" __global__ void tallyCountFew(
    unsigned items, const unsigned* cells, unsigned* counts, unsigned rows, unsigned size) {
  __shared__ unsigned own[4096];
  for (unsigned cell = threadIdx.x; cell < size; cell += blockDim.x) own[cell] = 0;
  __syncthreads();
  unsigned first = blockIdx.x * blockDim.x + threadIdx.x;
  if (first < items) {
    for (unsigned row = first; row < rows; row += items) {
      unsigned cell = cells[row];
      if (cell < size) atomicAdd(&own[cell], 1u);
    }
  }
  __syncthreads();
  for (unsigned cell = threadIdx.x; cell < size; cell += blockDim.x) {
    if (own[cell] > 0) atomicAdd(&counts[cell], own[cell]);
  }
}
