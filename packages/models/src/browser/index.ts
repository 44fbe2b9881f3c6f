export { systemHost } from "../endpoint/host.ts";
export { type OpenBrowserOptions, openModel } from "./open-model.ts";
export type { GivenFile } from "./read-given-files.ts";
export { tensorFlow } from "./tensorflow.ts";
