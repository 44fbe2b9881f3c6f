export { type Column, isText, type NumberColumn, rowsOf, sliceColumn, type TextColumn } from "./columns.ts";
export type { EndpointHost } from "./endpoint/host.ts";
export { openEndpoint } from "./endpoint/open-endpoint.ts";
export { EndpointSettings } from "./endpoint/settings.ts";
export { looksLike } from "./looks-like.ts";
export * from "./model.ts";
export type { OnnxRuntime } from "./onnx/onnx-runtime.ts";
export { type ModelHost, type OpenOptions, openModelBytes } from "./open-model.ts";
export {
  type Comparisons,
  type LayerProfile,
  type ModelProfile,
  type ProfileSum,
  type ProfileTotals,
  profileTotals,
} from "./profile.ts";
