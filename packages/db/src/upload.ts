import type { Digest } from "@assay/schema";
import type { PrismaClient } from "./generated/prisma/client.ts";

/** A finished upload, until a dataset or a model takes it. */
export interface UploadRow {
  readonly id: string;
  readonly userId: string;
  readonly fileName: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

export interface UploadStore {
  /** Keeps a finished upload; the same id twice is the same upload. */
  add(upload: UploadRow): Promise<void>;
  find(id: string): Promise<UploadRow | null>;
  /** Forgets uploads finished before a moment. */
  forgetBefore(moment: Date): Promise<number>;
  /** Digests that uploads, datasets, models or reports still need. */
  digestsInUse(): Promise<ReadonlySet<string>>;
}

export function uploadStore(client: PrismaClient): UploadStore {
  return {
    async add(upload) {
      const data = { ...upload, sizeBytes: BigInt(upload.sizeBytes) };
      await client.upload.upsert({ where: { id: upload.id }, create: data, update: data });
    },
    async find(id) {
      const row = await client.upload.findUnique({ where: { id } });
      return row && { ...row, digest: row.digest as Digest, sizeBytes: Number(row.sizeBytes) };
    },
    async forgetBefore(moment) {
      return (await client.upload.deleteMany({ where: { createdAt: { lt: moment } } })).count;
    },
    async digestsInUse() {
      const [uploads, datasets, models, files, artifacts] = await Promise.all([
        client.upload.findMany({ select: { digest: true } }),
        client.dataset.findMany({ select: { digest: true }, distinct: ["digest"] }),
        client.modelVersion.findMany({ select: { digest: true }, distinct: ["digest"] }),
        client.modelFile.findMany({ select: { digest: true }, distinct: ["digest"] }),
        client.artifact.findMany({ select: { digest: true }, distinct: ["digest"] }),
      ]);
      return new Set([...uploads, ...datasets, ...models, ...files, ...artifacts].map((row) => row.digest));
    },
  };
}
