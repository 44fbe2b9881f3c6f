import { expect, test } from "vitest";
import { narrow } from "./narrow.ts";

test("numbers keep their values in the narrowest array that holds them", () => {
  const cases = [
    [[], "Uint8Array"],
    [[0, 255], "Uint8Array"],
    [[256, 1], "Uint16Array"],
    [[65_536], "Uint32Array"],
    [[2 ** 32 - 1], "Uint32Array"],
    [[2 ** 32, 7], "Float64Array"],
  ] as const;
  for (const [values, name] of cases) {
    const result = narrow(Float64Array.from(values));
    expect(result.constructor.name).toBe(name);
    expect([...result]).toEqual([...values]);
  }
});

test("a wider array of small numbers is narrowed too", () => {
  expect(narrow(Uint32Array.of(1, 2)).BYTES_PER_ELEMENT).toBe(1);
});
