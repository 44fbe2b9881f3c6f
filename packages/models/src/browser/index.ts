export { systemHost } from "../endpoint/host.ts";
export { type OpenBrowserOptions, openModel } from "./open-model.ts";
