import type { OpenOptions } from "@assay/dataset";
import { type CodedTable, type Dataset, type FileRequest, requestKey } from "@assay/dataset";
import { openDataset } from "@assay/dataset/node";
import { AssayError, type Digest, digestJson, type ReportData } from "@assay/schema";

export interface OpenedData {
  /** Rows in the file, before `where`. */
  readonly rowsRead: number;
  readonly columns: Dataset["columns"];
  load(requests: readonly FileRequest[]): Promise<{ readonly table: CodedTable; readonly data: ReportData }>;
}

export interface TableCache {
  /**
   * Opens a stored file as a plan reads it.
   * @throws AssayError data-invalid; digest-mismatch where the stored bytes are not what they were
   */
  open(file: {
    readonly path: string;
    readonly digest: Digest;
    readonly name: string;
    readonly source: OpenOptions["source"];
  }): Promise<OpenedData>;
}

interface Entry {
  readonly dataset: Dataset;
  readonly loads: Map<string, Promise<{ readonly table: CodedTable; readonly data: ReportData }>>;
  bytes: number;
}

/** Keeps the newest files opened and loaded, so that running a plan again does not read its data again. */
export function openTableCache(limits: { readonly files: number; readonly bytes: number }): TableCache {
  const entries = new Map<string, Entry>();
  const evict = async (keep: string): Promise<void> => {
    for (const [key, entry] of entries) {
      const bytes = [...entries.values()].reduce((sum, one) => sum + one.bytes, 0);
      if (entries.size <= limits.files && bytes <= limits.bytes) return;
      if (key === keep) continue;
      entries.delete(key);
      await entry.dataset.close();
    }
  };
  return {
    async open({ path, digest, name, source }) {
      const key = digestJson({ digest, name, source });
      let entry = entries.get(key);
      if (entry === undefined) {
        const dataset = await openDataset(path, { name, source });
        if (dataset.digest !== digest) {
          await dataset.close();
          throw new AssayError(
            "digest-mismatch",
            `the stored bytes of ${name} are ${dataset.digest}, not ${digest}; upload the file again`,
          );
        }
        entry = { dataset, loads: new Map(), bytes: 0 };
      }
      // Set again: the newest stands last.
      entries.delete(key);
      entries.set(key, entry);
      await evict(key);
      const { dataset, loads } = entry;
      const used = entry;
      return {
        rowsRead: dataset.rowsRead,
        columns: dataset.columns,
        load(requests) {
          const loadKey = JSON.stringify(requests.map(requestKey).sort());
          let loading = loads.get(loadKey);
          if (loading === undefined) {
            loads.clear();
            loading = dataset.load(requests).then((loaded) => {
              used.bytes = sizeOf(loaded.table);
              return loaded;
            });
            loads.set(loadKey, loading);
            loading.catch(() => loads.delete(loadKey));
          }
          return loading;
        },
      };
    },
  };
}

/** Bytes of a table's columns. */
function sizeOf(table: CodedTable): number {
  const columns = Object.values(table.columns).map((column) =>
    column.kind === "coded" ? column.codes.byteLength : column.values.byteLength,
  );
  return columns.reduce((sum, bytes) => sum + bytes, table.counts?.byteLength ?? 0);
}
