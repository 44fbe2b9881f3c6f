/** What a file is that is no model we read, and how to bring the model it may hold. */
export interface Likeness {
  /** With its article: `a PyTorch checkpoint`. */
  readonly what: string;
  readonly advice: string;
}

const toOnnx = {
  keras: "export it with tf2onnx: python -m tf2onnx.convert --keras model.keras --output model.onnx",
  lightgbm:
    "export it with onnxmltools: convert_lightgbm(model, initial_types=[('X', FloatTensorType([None, n]))]).SerializeToString()",
  pytorch: "export it with torch.onnx.export(model, example, 'model.onnx')",
  sklearn: "export it with skl2onnx: to_onnx(model, X[:1].astype('float32')).SerializeToString()",
  xgboost:
    "export it with onnxmltools: convert_xgboost(model, initial_types=[('X', FloatTensorType([None, n]))]).SerializeToString()",
} as const satisfies Record<string, string>;

const likenesses: readonly (Likeness & { readonly matches: (head: string) => boolean })[] = [
  {
    what: "a zip archive (PyTorch .pt and Keras .keras are such)",
    advice: `${toOnnx.pytorch}, or ${toOnnx.keras}`,
    matches: (head) => head.startsWith("PK\u0003\u0004") || head.startsWith("PK\u0005\u0006"),
  },
  {
    what: "a Python pickle",
    advice: `load it in Python and ${toOnnx.sklearn}; Assay never opens pickles, which can run any code`,
    matches: (head) => head.charCodeAt(0) === 0x80 && head.charCodeAt(1) >= 2 && head.charCodeAt(1) <= 5,
  },
  {
    what: "a Git LFS pointer, not the file itself",
    advice: "fetch it with git lfs pull",
    matches: (head) => head.startsWith("version https://git-lfs.github.com/"),
  },
  {
    what: "an HTML page",
    advice: "a download that asked for a login gives such a page; fetch the raw file",
    matches: (head) => /^\s*<(!doctype html|html|head|\?xml)/i.test(head),
  },
  {
    what: "an HDF5 file (Keras .h5)",
    advice: toOnnx.keras,
    matches: (head) => head.startsWith("\u0089HDF\r\n"),
  },
  { what: "a gzip archive", advice: "unpack it first", matches: (head) => head.startsWith("\u001f\u008b") },
  {
    what: "a TensorFlow Lite model",
    advice: "export it with python -m tf2onnx.convert --tflite model.tflite --output model.onnx",
    matches: (head) => head.slice(4, 8) === "TFL3",
  },
  {
    what: "an ONNX Runtime .ort file",
    advice: "give the .onnx file it was made from",
    matches: (head) => head.slice(4, 8) === "ORTM",
  },
  {
    what: "a GGUF language model",
    advice: "serve it and name its endpoint in the plan",
    matches: (head) => head.startsWith("GGUF"),
  },
  { what: "a LightGBM text model", advice: toOnnx.lightgbm, matches: (head) => /^tree\r?\nversion=/.test(head) },
  {
    what: "an XGBoost model",
    advice: toOnnx.xgboost,
    matches: (head) => head.startsWith("binf") || head.startsWith("{L") || /^\s*\{\s*"(learner|version)"/.test(head),
  },
  {
    what: "a safetensors file (weights without the graph that uses them)",
    advice: toOnnx.pytorch,
    matches: (head) => /^[^\0]{0,8}\0{0,7}\{"/.test(head.slice(0, 10)) && head.charCodeAt(0) !== 0x7b,
  },
];

/** What the first bytes of a file look like; null where they tell nothing. */
export function looksLike(bytes: Uint8Array): Likeness | null {
  const head = String.fromCharCode(...bytes.subarray(0, 256));
  const found = likenesses.find((one) => one.matches(head));
  return found ? { what: found.what, advice: found.advice } : null;
}
