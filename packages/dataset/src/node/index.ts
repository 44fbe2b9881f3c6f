export { openDataset } from "./open-dataset.ts";
