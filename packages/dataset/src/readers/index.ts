import { arrow } from "./arrow/index.ts";
import { csv } from "./csv/index.ts";
import { jsonl } from "./jsonl/index.ts";
import { parquet } from "./parquet/index.ts";
import type { Reader } from "./reader.ts";
import { tsv } from "./tsv/index.ts";

/** Every file format that is read. */
export const readers = [arrow, csv, jsonl, parquet, tsv] as const satisfies readonly Reader[];
