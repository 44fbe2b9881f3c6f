import { AssayError, type Digest, digestBytes, type LocalizedText } from "@assay/schema";
import type { ReadItem } from "./read-item.ts";

/** Keeps which files were read, so that a report tells by one digest what it was made of beside the table. */
export class ItemsRead {
  readonly #read: ReadItem;
  readonly #digests = new Map<string, Digest>();
  #sizeBytes = 0;

  constructor(read: ReadItem) {
    this.#read = read;
  }

  read(path: string): Uint8Array {
    const { bytes, digest } = this.#read(path);
    const known = this.#digests.get(path);
    if (known !== undefined && known !== digest) {
      throw new AssayError("data-invalid", `${JSON.stringify(path)} was changed while it was audited`);
    }
    if (known === undefined) {
      this.#digests.set(path, digest);
      this.#sizeBytes += bytes.length;
    }
    return bytes;
  }

  notes(): readonly LocalizedText[] {
    const count = this.#digests.size;
    if (count === 0) return [];
    const lines = [...this.#digests]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, digest]) => `${path}\0${digest}\n`);
    const digest = digestBytes(new TextEncoder().encode(lines.join("")));
    return [
      {
        en: `The model read ${count} ${count === 1 ? "file" : "files"} that the data name, ${this.#sizeBytes} bytes. Digest of their paths and digests: ${digest}.`,
        "zh-CN": `模型读取了数据中列出的 ${count} 个文件，共 ${this.#sizeBytes} 字节。各文件路径与摘要的总摘要：${digest}。`,
      },
    ];
  }
}
