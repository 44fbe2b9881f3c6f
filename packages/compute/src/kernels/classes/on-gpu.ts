import { AssayError } from "@assay/schema";
import type { Device, DeviceBuffer } from "../../device.ts";
import { useBuffers } from "../buffers.ts";
import { scan } from "../scan/index.ts";
import { faultOf, firstFault, type layKeys } from "./check.ts";
import type { Classes, ClassesInput } from "./index.ts";

/** How much is on the GPU at once. */
export interface GpuChunks {
  /** Rows. */
  readonly rows: number;
  /** Slots of the first table: it grows where classes turn out to be many. */
  readonly slots: number;
}

const usual: GpuChunks = { rows: 2 ** 24, slots: 2 ** 16 };
/** Slots that a row looks at before the table is called too full; a table half full has hardly one that is looked at. */
const mostLooked = 64;

/** Rows of `counts` null only: a row is of its class whatever it counts. */
export async function classesOnGpu(
  device: Device,
  input: ClassesInput,
  { places, words: width }: ReturnType<typeof layKeys>,
  chunks: GpuChunks = usual,
): Promise<Classes> {
  const { columns, rows } = input;
  const classOf = input.classOf ? new Uint32Array(rows) : null;
  let firsts: Uint32Array = new Uint32Array(0);
  let counts: Float64Array = new Float64Array(0);
  let slotCount = chunks.slots;
  /** What a table of so many entries takes, told where it does not fit. */
  let bytes = 0;
  let known: { readonly words: DeviceBuffer; readonly stride: number; readonly entries: DeviceBuffer } | null = null;
  try {
    return await useBuffers(device, async (take) => {
      const status = take(4, "zero");
      const full = take(4, "any");
      const total = take(4, "any");
      // Half a buffer of keys is left for the classes met before.
      const chunk = Math.min(chunks.rows, rows, Math.floor(device.maxBufferBytes / (8 * width)));
      const codeBuffer = take(chunk * Math.max(1, ...columns.map((column) => column.codes.BYTES_PER_ELEMENT)), "any");
      for (let start = 0; start < rows; start += chunk) {
        const end = Math.min(start + chunk, rows);
        const before = firsts.length;
        const entries = before + end - start;
        bytes = entries * 4 * (width + 4) + slotCount * 4;
        const words = take(width * entries * 4, places.length === 0 ? "zero" : "any");
        if (known) {
          await device.dispatch(
            "classesKeep",
            [known.words, known.stride, known.entries, width, words, entries],
            before,
          );
          known.words.free();
          known.entries.free();
        }
        for (const [index, { codes, size }] of columns.entries()) {
          const place = places[index];
          device.upload(codeBuffer, codes.subarray(start, end));
          const column = [
            codeBuffer,
            codes.BYTES_PER_ELEMENT,
            size,
            place?.begins ? 1 : 0,
            firstFault + index,
          ] as const;
          const at = (place?.word ?? 0) * entries + before;
          await device.dispatch("tallyCells", [...column, words, at, status], end - start);
        }
        const [fault = 0] = await device.download(status, new Uint32Array(1));
        if (fault !== 0) throw faultOf(fault, input);

        const slotOf = take(entries * 4, "any");
        let slots = take(slotCount * 4, "any");
        for (;;) {
          device.clear(slots);
          device.clear(full);
          // With slots for twice the entries there is no need to give up.
          const most = slotCount >= 2 * entries ? slotCount : mostLooked;
          const table = [slots, slotCount - 1, most, slotOf, full] as const;
          await device.dispatch("classesInsert", [words, entries, width, ...table], entries);
          const [isFull = 0] = await device.download(full, new Uint32Array(1));
          if (isFull === 0) break;
          slots.free();
          slotCount *= 8;
          bytes = entries * 4 * (width + 4) + slotCount * 4;
          slots = take(slotCount * 4, "any");
        }

        const isFirst = take(entries * 4 + 4, "any");
        await device.dispatch("classesFirst", [slots, slotOf, isFirst], entries);
        await scan(device, take, isFirst, entries, total);
        const [found = 0] = await device.download(total, new Uint32Array(1));
        const firstEntries = take(found * 4, "any");
        await device.dispatch("classesName", [isFirst, slotOf, slots, firstEntries], entries);
        const countBuffer = take(found * 4, "any");
        device.clear(countBuffer);
        // What told the first entries is of no more use: there is room for the classes of the rows.
        const ids = isFirst;
        await device.dispatch("classesCount", [slots, slotOf, before, countBuffer, ids], end - start);
        if (classOf) await device.download(ids, classOf.subarray(start, end));

        const chunkCounts = await device.download(countBuffer, new Uint32Array(found));
        const chunkFirsts = await device.download(firstEntries, new Uint32Array(found));
        chunkFirsts.set(firsts);
        for (let id = before; id < found; id++) chunkFirsts[id] = (chunkFirsts[id] ?? 0) - before + start;
        const sums = Float64Array.from(chunkCounts);
        for (let id = 0; id < before; id++) sums[id] = (sums[id] ?? 0) + (counts[id] ?? 0);
        [firsts, counts] = [chunkFirsts, sums];
        for (const buffer of [slotOf, slots, isFirst, countBuffer]) buffer.free();
        known = { words, stride: entries, entries: firstEntries };
      }
      return { firsts, counts, classOf };
    });
  } catch (error) {
    if (!(error instanceof AssayError) || error.code !== "device-out-of-memory") throw error;
    throw new AssayError(
      "data-too-large",
      `classes: ${firsts.length} classes so far, and the next rows need ${bytes} bytes, more than ${device.name} has left; use more shards, or fewer or coarser columns`,
      { cause: error },
    );
  }
}
