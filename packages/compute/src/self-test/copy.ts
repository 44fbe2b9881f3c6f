import type { Trial } from "./trial.ts";

/** Bytes to the device and back. Floor: each is read and written once a way; bound by memory, on a GPU by its bus. */
export const copy = {
  name: "copy",
  unit: "bytes",
  least: 65_536,
  most: 33_554_432,
  async prepare(device, amount) {
    const data = new Uint32Array(amount / 4);
    for (let word = 0; word < data.length; word++) data[word] = Math.imul(word + 1, 0x9e3779b1);
    const into = new Uint32Array(data.length);
    const buffer = device.allocate(data.byteLength);
    return {
      units: 2 * data.byteLength,
      async run() {
        device.upload(buffer, data);
        await device.download(buffer, into);
      },
      async check() {
        into.fill(0);
        await device.download(buffer, into);
        const at = into.findIndex((word, index) => word !== data[index]);
        return at < 0 ? null : `word ${at} came back as ${into[at]}, ${data[at]} was sent`;
      },
      free: () => buffer.free(),
    };
  },
} as const satisfies Trial;
