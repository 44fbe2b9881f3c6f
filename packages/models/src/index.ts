export { type Column, isText, type NumberColumn, rowsOf, sliceColumn, type TextColumn } from "./columns.ts";
export { looksLike } from "./looks-like.ts";
export * from "./model.ts";
export type { OnnxRuntime } from "./onnx/onnx-runtime.ts";
export { type ModelHost, type OpenOptions, openModelBytes } from "./open-model.ts";
