export { systemHost } from "../endpoint/host.ts";
export { type OpenNodeOptions, openModel } from "./open-model.ts";
export { tensorFlow } from "./tensorflow.ts";
