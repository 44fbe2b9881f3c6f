export { type Column, isText, type NumberColumn, numbersOf, rowsOf, sliceColumn, type TextColumn } from "./columns.ts";
export { isEndpointFailure } from "./endpoint/failure.ts";
export { type EndpointHost, systemHost } from "./endpoint/host.ts";
export { type OpenEndpointOptions, openEndpoint } from "./endpoint/open-endpoint.ts";
export { looksLike } from "./looks-like.ts";
export * from "./model.ts";
export type { OnnxRuntime } from "./onnx/onnx-runtime.ts";
export { type MixtureMember, writeLinearMixture } from "./onnx/write/linear-mixture.ts";
export { type WrittenTrees, writeTreeEnsemble } from "./onnx/write/tree-ensemble.ts";
export { type ModelHost, type OpenOptions, openModelBytes } from "./open-model.ts";
export {
  type Comparisons,
  type LayerProfile,
  type ModelProfile,
  type ProfileSum,
  type ProfileTotals,
  profileTotals,
} from "./profile.ts";
export { forestOf } from "./program/join-forests.ts";
export type { LoadTensorFlow, TensorFlow } from "./tensorflow/runtime.ts";
export * from "./training/index.ts";
