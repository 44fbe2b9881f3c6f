export { type OpenNodeOptions, openModel } from "./open-model.ts";
