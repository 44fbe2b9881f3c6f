export { systemHost } from "../endpoint/host.ts";
export { loadRuntimes } from "./load-runtimes.ts";
export { type OpenBrowserOptions, openModel } from "./open-model.ts";
export type { GivenFile } from "./read-given-files.ts";
export { type TensorFlowFiles, tensorFlow } from "./tensorflow.ts";
