export { loadReaders } from "./load-readers.ts";
export { type OpenBlobOptions, openDataset } from "./open-dataset.ts";
