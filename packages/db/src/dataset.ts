import { AssayError, type Digest, digestJson, type LocalizedText, type ReportColumn } from "@assay/schema";
import { isDuplicate, isMissing } from "./client.ts";
import type { Dataset, PrismaClient } from "./generated/prisma/client.ts";

/** How the bytes of a file are read. */
export interface Reading {
  readonly counts: boolean;
  readonly delimiter: string | null;
  readonly header: readonly string[];
}

/** A column as its profile tells it; the shape of dataset's ColumnProfile. */
export interface ProfileRow extends ReportColumn {
  readonly missing: number;
  readonly top: { readonly value: string; readonly count: number }[];
  readonly min: number | null;
  readonly max: number | null;
}

export interface DatasetRow {
  readonly id: string;
  /** The project's id. */
  readonly project: string;
  readonly name: string;
  readonly fileName: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly rows: number;
  readonly format: string;
  readonly encoding: string;
  readonly counts: boolean;
  readonly createdAt: string;
}

export interface DatasetDetail extends DatasetRow {
  readonly columns: ProfileRow[];
  readonly warnings: LocalizedText[];
  readonly reading: Reading;
}

export interface NewDataset extends Omit<DatasetDetail, "id" | "createdAt" | "counts"> {}

export interface DatasetStore {
  list(projectId: string): Promise<DatasetRow[]>;
  /** @throws AssayError not-found */
  get(id: string): Promise<DatasetDetail>;
  /** The dataset that the same bytes, read the same way, already are in the project. */
  findSame(projectId: string, digest: Digest, reading: Reading): Promise<DatasetDetail | null>;
  /** The project's newest dataset of a file of that name. */
  findByFile(projectId: string, fileName: string): Promise<DatasetDetail | null>;
  /** The project's newest dataset of that name. */
  findByName(projectId: string, name: string): Promise<DatasetDetail | null>;
  /** Keeps a dataset; the same bytes read the same way are the dataset that is there. */
  add(dataset: NewDataset): Promise<DatasetDetail>;
  /** @throws AssayError not-found */
  remove(id: string): Promise<void>;
}

export function datasetStore(client: PrismaClient): DatasetStore {
  const findSame = async (projectId: string, digest: Digest, reading: Reading) => {
    const row = await client.dataset.findUnique({
      where: { projectId_digest_reading: { projectId, digest, reading: digestJson(reading) } },
    });
    return row && toDetail(row);
  };
  const findNewest = async (where: { projectId: string; fileName: string } | { projectId: string; name: string }) => {
    const row = await client.dataset.findFirst({ where, orderBy: [{ createdAt: "desc" }, { id: "desc" }] });
    return row && toDetail(row);
  };
  return {
    async list(projectId) {
      const rows = await client.dataset.findMany({
        where: { projectId },
        omit: { columnsJson: true, warningsJson: true },
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      });
      return rows.map(toRow);
    },
    async get(id) {
      const row = await client.dataset.findUnique({ where: { id } });
      if (!row) throw missing(id);
      return toDetail(row);
    },
    findSame,
    findByFile: (projectId, fileName) => findNewest({ projectId, fileName }),
    findByName: (projectId, name) => findNewest({ projectId, name }),
    async add({ project, columns, warnings, reading, sizeBytes, rows, ...rest }) {
      try {
        const row = await client.dataset.create({
          data: {
            ...rest,
            projectId: project,
            sizeBytes: BigInt(sizeBytes),
            rows: BigInt(rows),
            reading: digestJson(reading),
            counts: reading.counts,
            delimiter: reading.delimiter,
            header: [...reading.header],
            columnsJson: JSON.stringify(columns),
            warningsJson: JSON.stringify(warnings),
          },
        });
        return toDetail(row);
      } catch (error) {
        const same = isDuplicate(error) ? await findSame(project, rest.digest, reading) : null;
        if (same) return same;
        throw error;
      }
    },
    async remove(id) {
      try {
        await client.dataset.delete({ where: { id }, select: { id: true } });
      } catch (error) {
        throw isMissing(error) ? missing(id) : error;
      }
    },
  };
}

function missing(id: string): AssayError {
  return new AssayError("not-found", `no dataset "${id}"; it may have been removed`);
}

function toRow(row: Omit<Dataset, "columnsJson" | "warningsJson">): DatasetRow {
  return {
    id: row.id,
    project: row.projectId,
    name: row.name,
    fileName: row.fileName,
    digest: row.digest as Digest,
    sizeBytes: Number(row.sizeBytes),
    rows: Number(row.rows),
    format: row.format,
    encoding: row.encoding,
    counts: row.counts,
    createdAt: row.createdAt.toISOString(),
  };
}

/** The JSON columns were written by `add`, from values of these types. */
function toDetail(row: Dataset): DatasetDetail {
  return {
    ...toRow(row),
    columns: JSON.parse(row.columnsJson) as ProfileRow[],
    warnings: JSON.parse(row.warningsJson) as LocalizedText[],
    reading: { counts: row.counts, delimiter: row.delimiter, header: row.header },
  };
}
