import type { Device, DeviceBuffer } from "../../device.ts";
import type { TakeBuffer } from "../buffers.ts";
import type { TallyInput } from "./index.ts";

/** What the status becomes where a code of columns[i] is out of range: this + i. */
export const firstFault = 16;

/** Rows that are on the GPU at once. */
const chunkRows = 2 ** 20;
/** What the histogram of one workgroup holds. */
const fewCells = 4096;
/** Rows that one invocation counts: a workgroup's histogram is cleared and added once for all of them. */
const rowsEach = 64;
/** With fewer rows such histograms are not worth their clearing. */
const leastRows = 65536;

/** u32[cells]: rows of each cell. Rows are fewer than 2^32, so that no count passes its 32 bits. */
export async function countOnGpu(
  device: Device,
  take: TakeBuffer,
  { columns, rows }: TallyInput,
  { cells, status }: { readonly cells: number; readonly status: DeviceBuffer },
): Promise<DeviceBuffer> {
  const chunk = Math.min(chunkRows, rows);
  const counts = take(cells * 4, "zero");
  const cellBuffer = take(chunk * 4, columns.length === 0 ? "zero" : "any");
  const codeBuffer = take(chunk * Math.max(1, ...columns.map((column) => column.codes.BYTES_PER_ELEMENT)), "any");
  for (let start = 0; start < rows; start += chunk) {
    const end = Math.min(start + chunk, rows);
    for (const [index, { codes, size }] of columns.entries()) {
      device.upload(codeBuffer, codes.subarray(start, end));
      const column = [codeBuffer, codes.BYTES_PER_ELEMENT, size, index === 0 ? 1 : 0, firstFault + index] as const;
      await device.dispatch("tallyCells", [...column, cellBuffer, 0, status], end - start);
    }
    const many = cells > fewCells || end - start < leastRows;
    const invocations = many ? end - start : Math.ceil((end - start) / rowsEach);
    const kernel = many ? "tallyCountMany" : "tallyCountFew";
    await device.dispatch(kernel, [cellBuffer, counts, end - start, cells], invocations);
  }
  return counts;
}
