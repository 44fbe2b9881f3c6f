export { type OpenBlobOptions, openDataset } from "./open-dataset.ts";
