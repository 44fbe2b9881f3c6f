import { expect, it } from "vitest";
import { besideName, besideNames, mostBeside } from "./beside-name.ts";
import { isAssayError } from "./error.ts";

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isAssayError(error) && error.code === "usage") return error.message;
    throw error;
  }
  throw new Error("not refused");
}

it.each([
  ["model.onnx_data", "model.onnx_data"],
  ["./onnx//model.onnx", "onnx/model.onnx"],
  ["a/./b.bin", "a/b.bin"],
  ["group1-shard1of2.bin", "group1-shard1of2.bin"],
  [".hidden/..weights", ".hidden/..weights"],
  ["gewichte/größe.bin", "gewichte/größe.bin"],
  ["cafe\u0301.bin", "cafe\u0301.bin"],
  ["权重.bin", "权重.bin"],
  ["console.bin", "console.bin"],
])("%j is the name %j", (name, expected) => {
  expect(besideName(name)).toBe(expected);
});

it.each([
  ["", /is empty/],
  [".", /is empty/],
  ["../x", /out of the model's folder/],
  ["a/../../x", /out of the model's folder/],
  ["a/../x", /out of the model's folder/],
  ["..", /out of the model's folder/],
  ["/etc/passwd", /begins at the root/],
  ["//server/share", /begins at the root/],
  ["..\\x", /backslash/],
  ["a\\b", /backslash/],
  ["\\\\server\\share", /backslash/],
  ["C:x", /drive/],
  ["C:/x", /drive/],
  ["C:\\x", /backslash/],
  ["a\u0000.bin", /cannot be seen/],
  ["a\n.bin", /cannot be seen/],
  ["a\u202egpj.bin", /cannot be seen/],
  ["\ud800.bin", /Unicode/],
  ["file.bin:stream", /some systems refuse/],
  ["wei?hts", /some systems refuse/],
  ["CON", /device/],
  ["nul.bin", /device/],
  ["a/Com1.txt", /device/],
  ["LPT³", /device/],
  ["weights.", /dot at its end/],
  ["weights ", /blank at its ends/],
  ["a /b", /blank at its ends/],
  ["a/.../b", /dot at its end/],
  ["x".repeat(256), /longer than 255/],
  ["界".repeat(86), /longer than 255/],
  [Array.from({ length: 600 }, () => "a").join("/"), /longer than 1000/],
])("the name %j is refused", (name, reason) => {
  expect(refusal(() => besideName(name))).toMatch(reason);
});

it("names of one set are sorted, and each is a file of its own on every system", () => {
  expect(besideNames("model.json", ["b.bin", "./a/c.bin", "a/b.bin"])).toEqual(["a/b.bin", "a/c.bin", "b.bin"]);
  expect(refusal(() => besideNames("model.json", ["a.bin", "./a.bin"]))).toMatch(/"a\.bin" is given twice/);
  expect(refusal(() => besideNames("model.json", ["a.bin", "A.bin"]))).toMatch(/"a\.bin" and "A\.bin" are one/);
  expect(refusal(() => besideNames("model.json", ["MODEL.json"]))).toMatch(/are one/);
  expect(refusal(() => besideNames("model.json", ["straße", "STRASSE"]))).toMatch(/are one/);
  expect(refusal(() => besideNames("model.json", ["caf\u00e9", "cafe\u0301"]))).toMatch(/are one/);
  expect(refusal(() => besideNames("model.json", ["w", "W/a.bin"]))).toMatch(/"w" is a file/);
  expect(refusal(() => besideNames("model.json", ["model.json/a.bin"]))).toMatch(/"model\.json" is a file/);
  expect(refusal(() => besideNames("../model.json", []))).toMatch(/out of the model's folder/);
  expect(refusal(() => besideNames("a/model.json", []))).toMatch(/give its name alone/);
  const many = Array.from({ length: mostBeside + 1 }, (_, index) => `shard-${index}`);
  expect(besideNames("model.json", many.slice(1))).toHaveLength(mostBeside);
  expect(refusal(() => besideNames("model.json", many))).toMatch(/at most 255/);
});
