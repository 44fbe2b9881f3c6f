import { loadHelper } from "./start-helper.ts";

/** Loads the readers of every format at once, so that files can be opened where the network is gone later. */
export async function loadReaders(): Promise<void> {
  await Promise.all([
    import("../readers/parquet/blob-parquet.ts"),
    import("../readers/arrow/arrow-source.ts"),
    import("apache-arrow"),
    loadHelper(),
  ]);
}
