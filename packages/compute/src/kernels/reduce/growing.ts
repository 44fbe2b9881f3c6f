import type { Device } from "../../device.ts";
import { Accumulators } from "./accumulators.ts";
import { binsAt, mostTops } from "./bins.ts";
import { type Moments, mergeMoments, noMoments } from "./moments.ts";

/** Powers of two below one that occurs for which there are bins too: small numbers come late, as they are rare. */
const margin = 8;

/** Accumulators that get more bins as rows need them: what was added before is put aside, and merged at the end. */
export class Growing {
  readonly #device: Device;
  readonly #cells: number;
  #current: Accumulators | null = null;
  #before: Moments[] | null = null;

  constructor(device: Device, cells: number) {
    this.#device = device;
    this.#cells = cells;
  }

  /** Accumulators with bins for these tops: u8[4096], 1 or 0. */
  async wideEnough(tops: Uint8Array): Promise<Accumulators> {
    const wanted = new Uint8Array(mostTops);
    for (const top of this.#current?.bins.tops ?? []) wanted[top] = 1;
    if (this.#current && tops.every((occurs, top) => !occurs || wanted[top])) return this.#current;
    for (const [top, occurs] of tops.entries()) {
      // Down to the least exponent of its sign.
      if (occurs) wanted.fill(1, Math.max(top - margin, top & 0x800), top + 1);
    }
    if (this.#current) this.#before = await this.moments();
    this.#current?.free();
    this.#current = null;
    this.#current = new Accumulators(this.#device, binsAt(wanted), this.#cells);
    return this.#current;
  }

  async moments(): Promise<Moments[]> {
    const before = this.#before ?? new Array<Moments>(this.#cells).fill(noMoments);
    const current = await this.#current?.moments();
    return current ? current.map((moments, cell) => mergeMoments(before[cell] ?? noMoments, moments)) : before;
  }

  free(): void {
    this.#current?.free();
  }
}
