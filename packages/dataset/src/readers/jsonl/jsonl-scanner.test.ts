import fc from "fast-check";
import { expect, test } from "vitest";
import type { RecordBatch } from "../text/record-batch.ts";
import { JsonlScanner } from "./jsonl-scanner.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function scan(text: string, size = text.length * 4 + 1) {
  const rows: Record<string, string>[] = [];
  const lines: number[] = [];
  const onBatch = (batch: RecordBatch): void => {
    for (let row = 0; row < batch.rows; row++) {
      lines.push(batch.lines[row] ?? 0);
      const found: Record<string, string> = {};
      for (let column = 0; column < batch.columns; column++) {
        const field = row * batch.stride + column;
        const start = batch.starts[field] ?? 0;
        if (start >= 0)
          found[scanner.columns[column] ?? ""] = decoder.decode(batch.bytes.slice(start, batch.ends[field]));
      }
      rows.push(found);
    }
  };
  const scanner = new JsonlScanner({ file: "data.jsonl", onBatch });
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.slice(at, at + size));
  scanner.finish();
  return { columns: scanner.columns, rows, lines, warnings: scanner.warnings };
}

test("numbers print canonically, integers of any length keep their digits", () => {
  const { rows } = scan('{"a":1.0,"b":1e5,"c":-0,"d":0.10,"e":12345678901234567890,"f":-7,"g":1E-7}\n');
  expect(rows).toEqual([{ a: "1", b: "100000", c: "0", d: "0.1", e: "12345678901234567890", f: "-7", g: "1e-7" }]);
});

test("texts keep what they are, booleans and nested values print as JSON, null is no value", () => {
  const { rows } = scan('{"a":"01\\u4e2d\\n\\"","b":true,"c":{"k":[1, 2.0]},"d":null,"e":""}\n');
  expect(rows).toEqual([{ a: '01中\n"', b: "true", c: '{"k":[1,2]}', e: "" }]);
});

test("columns stand in the order they are first met; an absent key is no value", () => {
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`k${index}`, index]));
  const { columns, rows } = scan(`{"a":1}\n{"b":2,"a":3}\n${JSON.stringify(many)}\n{"a":4}\n`);
  expect(columns).toEqual(["a", "b", ...Object.keys(many)]);
  expect(rows).toEqual([
    { a: "1" },
    { b: "2", a: "3" },
    Object.fromEntries(Object.entries(many).map(([key, value]) => [key, String(value)])),
    { a: "4" },
  ]);
});

test("blank lines between rows are told", () => {
  const { lines, warnings } = scan('{"a":1}\n\n{"a":2}\n\n');
  expect(lines).toEqual([1, 3]);
  expect(warnings[0]?.en).toContain("1 blank line between rows");
});

test.each([
  ["[1]", "a JSON list; JSON lines have one object per line"],
  ["1", "expected an object"],
  ['{"a":1,"a":2}', 'the key "a" stands twice'],
  ['{"a":}', "expected a value"],
  ['{"a":"x}', "a text is opened and not closed"],
  ['{"a":1} x', 'text after the object: "x"'],
  ['{"a":1e999}', "too large for a double"],
  ["{a:1}", "expected a key in double quotes"],
  ['{"a":01}', "expected a value"],
  ['{"a":+1}', "expected a value"],
  ['{"a":NaN}', "expected a value"],
  ['{"a":[1,}', "not valid JSON"],
  ['{"a":[1', "a bracket is opened and not closed"],
  ['{"a":[1,]}', "not valid JSON"],
  ['{"a":"\\ud800"}', "not valid JSON"],
  ['{"a":"\\x"}', "not valid JSON"],
  ['{"a" 1}', "expected : after the key"],
  ['{"a":1', "expected , or } after a value, found the end of the line"],
])("%s is refused with its line", (line, message) => {
  expect(() => scan(`{"a":1}\n${line}\n`)).toThrow(`data.jsonl, line 2: `);
  expect(() => scan(`{"a":1}\n${line}\n`)).toThrow(message);
});

test("whatever JSON.stringify writes is read back, in pieces of any size", () => {
  const value = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 6 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const key = fc.constantFrom("a", "b", "中", 'q"', "long key", "e", "f", "g", "h", "i");
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(key, value, { noNullPrototype: true }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 20 }),
      (objects, size) => {
        fc.pre(objects.some((object) => Object.keys(object).length > 0));
        const text = objects.map((object) => JSON.stringify(object)).join("\n");
        const expected = objects.map((object) =>
          Object.fromEntries(
            Object.entries(object)
              .filter(([, item]) => item !== null)
              .map(([name, item]) => [name, Object.is(item, -0) ? "0" : String(item)]),
          ),
        );
        expect(scan(text, size).rows).toEqual(expected);
      },
    ),
  );
});
