import { expect, it } from "vitest";
import { guessMain, modelSet } from "./model-set.ts";

const chosen = (...names: string[]) =>
  names.map((name) => ({ name, file: new File(["x"], name.split("/").at(-1) ?? "") }));

it.each([
  [["model.onnx", "model.onnx_data"], "model.onnx"],
  [["group1-shard1of2.bin", "group1-shard2of2.bin", "model.json"], "model.json"],
  [["metadata.json", "model.json", "w.bin"], "model.json"],
  [["config.json", "tokenizer.json", "onnx/model.onnx", "onnx/model_quantized.onnx"], "config.json"],
  [["config.json", "model.onnx", "model.onnx_data"], "model.onnx"],
  [["a/b/model.onnx", "a/b/w.bin"], "a/b/model.onnx"],
  [["trees.json.gz", "README.md"], "trees.json.gz"],
  [["w.bin", "README.md"], null],
  [[], null],
])("of %j the model's own file is %j", (names, main) => {
  expect(guessMain(chosen(...names))?.name ?? null).toBe(main);
});

it("paths begin at the model's own file; what lies outside its folder is counted, not sent", () => {
  const files = chosen("onnx/model.onnx", "onnx/w/a.bin", "onnx/b.bin", "config.json", "onnx2/c.bin");
  const [main] = files;
  if (main === undefined) throw new Error("no file");
  const set = modelSet(files, main);
  expect([set.main.name, set.beside.map(({ name }) => name), set.outside]).toEqual([
    "model.onnx",
    ["w/a.bin", "b.bin"],
    2,
  ]);
});
