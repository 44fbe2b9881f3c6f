import { describe, expect, test } from "vitest";
import { chooseSides } from "./choose-sides.ts";

const run = (number: number, title: string) => ({ number, title });
const runs = [run(9, "credit"), run(7, "hiring"), run(4, "credit"), run(2, "hiring")];

describe("the two runs of a comparison", () => {
  test("are those asked for, in the order asked for", () => {
    expect(chooseSides(runs, { a: 9, b: 2 })).toEqual({ kind: "pair", a: runs[0], b: runs[3] });
  });

  test("where none is asked for, are the newest and the run before it of the same plan", () => {
    expect(chooseSides(runs, { a: null, b: null })).toEqual({ kind: "pair", a: runs[2], b: runs[0] });
  });

  test("of one run, are the run before it of its plan; of any plan where there is none; the one after it where it is the first", () => {
    expect(chooseSides(runs, { a: null, b: 7 })).toMatchObject({ a: { number: 2 }, b: { number: 7 } });
    expect(chooseSides([run(3, "x"), run(2, "y"), run(1, "z")], { a: null, b: 3 })).toMatchObject({ a: { number: 2 } });
    expect(chooseSides(runs, { a: null, b: 2 })).toMatchObject({ a: { number: 4 }, b: { number: 2 } });
  });

  test("with the first alone asked for, hold the newest other run against it", () => {
    expect(chooseSides(runs, { a: 4, b: null })).toMatchObject({ a: { number: 4 }, b: { number: 9 } });
    expect(chooseSides(runs, { a: 9, b: null })).toMatchObject({ a: { number: 9 }, b: { number: 7 } });
  });

  test("are never one run twice, nor a run that is not completed or not there", () => {
    expect(chooseSides(runs, { a: 7, b: 7 })).toMatchObject({ kind: "same" });
    expect(chooseSides(runs, { a: 7, b: 8 })).toEqual({ kind: "missing", number: 8 });
    expect(chooseSides(runs, { a: 0, b: 8 })).toEqual({ kind: "missing", number: 0 });
  });

  test("need two completed runs", () => {
    expect(chooseSides([], { a: null, b: null })).toEqual({ kind: "too-few" });
    expect(chooseSides([run(1, "x")], { a: 1, b: 5 })).toEqual({ kind: "too-few" });
  });
});
