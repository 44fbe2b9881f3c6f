import type { Device } from "../../device.ts";
import { useBuffers } from "../buffers.ts";
import { faultOf, firstFault, type layKeys } from "./check.ts";
import { ClassTable } from "./class-table.ts";
import type { Classes, ClassesInput } from "./index.ts";

/** Rows that are on the device at once. */
const chunkRows = 131072;

/**
 * In chunks: all threads look their rows up among the classes met before, then one makes classes of the rows that found
 * none and counts. What the first pass reads is in the cache for the second.
 */
export async function classesOnHost(
  device: Device,
  input: ClassesInput,
  { places, words: width }: ReturnType<typeof layKeys>,
): Promise<Classes> {
  const { columns, rows, counts } = input;
  const classOf = input.classOf ? new Uint32Array(rows) : null;
  return useBuffers(device, async (take) => {
    const chunk = Math.min(chunkRows, rows);
    const status = take(4, "zero");
    const words = take(width * chunk * 4, places.length === 0 ? "zero" : "any");
    const codeBuffer = take(chunk * Math.max(1, ...columns.map((column) => column.codes.BYTES_PER_ELEMENT)), "any");
    const ids = take(chunk * 4, "any");
    const times = counts ? take(chunk * 8, "any") : status;
    const made = take(4, "zero");
    const table = new ClassTable(device, take, width);

    for (let start = 0; start < rows; start += chunk) {
      const end = Math.min(start + chunk, rows);
      const items = end - start;
      await table.makeRoom(items);
      for (const [index, { codes, size }] of columns.entries()) {
        const place = places[index];
        device.upload(codeBuffer, codes.subarray(start, end));
        const column = [codeBuffer, codes.BYTES_PER_ELEMENT, size, place?.begins ? 1 : 0, firstFault + index] as const;
        await device.dispatch("tallyCells", [...column, words, (place?.word ?? 0) * chunk, status], items);
      }
      const key = [words, chunk, width, table.slots, table.slotCount - 1, table.keys, ids] as const;
      await device.dispatch("classesFind", [...key, status], items);
      if (counts) device.upload(times, counts.subarray(start, end));
      const row = [times, counts ? 1 : 0, items, start] as const;
      await device.dispatch("classesAdd", [...key, ...row, table.counts, table.firsts, made, status]);
      const [fault = 0] = await device.download(status, new Uint32Array(1));
      if (fault !== 0) throw faultOf(fault, input);
      const [classes = 0] = await device.download(made, new Uint32Array(1));
      table.classes = classes;
      if (classOf) await device.download(ids, classOf.subarray(start, end));
    }
    return {
      firsts: await device.download(table.firsts, new Uint32Array(table.classes)),
      counts: await device.download(table.counts, new Float64Array(table.classes)),
      classOf,
    };
  });
}
