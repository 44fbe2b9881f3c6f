export { type OpenBrowserOptions, openModel } from "./open-model.ts";
