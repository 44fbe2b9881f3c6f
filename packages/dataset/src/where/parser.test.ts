import { AssayError } from "@assay/schema";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseWhere, whereProblems } from "./parser.ts";
import { formatWhere, operators, type Where, whereNeeds } from "./syntax.ts";
import { wheres } from "./wheres.arbitrary.ts";

const columns = ["age", "race", "is_recid", "two words", "days-late", "a.b", "职业"];

function fault(source: string): string {
  try {
    parseWhere(source, columns);
  } catch (error) {
    expect(error).toBeInstanceOf(AssayError);
    expect((error as AssayError).code).toBe("plan-invalid");
    return (error as AssayError).message;
  }
  throw new Error(`${source} was accepted`);
}

describe("reads", () => {
  test("negative numbers after every operator, with and without blanks", () => {
    for (const operator of operators) {
      for (const source of [`is_recid ${operator} -1`, `is_recid${operator}-1`]) {
        expect(parseWhere(source)).toEqual({
          kind: "compare",
          column: "is_recid",
          operator,
          literal: { kind: "number", value: -1, source: "-1" },
        });
      }
    }
  });

  test("and before or, not before both", () => {
    expect(formatWhere(parseWhere("a = 1 or not b = 2 and c = 3"))).toBe("(a = 1 or (not (b = 2) and c = 3))");
    expect(formatWhere(parseWhere("(a = 1 or b = 2) and c = 3"))).toBe("((a = 1 or b = 2) and c = 3)");
    expect(formatWhere(parseWhere("not not a = 1"))).toBe("not (not (a = 1))");
  });

  test("words in any case, names with dots, dashes and in any script", () => {
    expect(formatWhere(parseWhere("days-late > 3 AND a.b IS NOT MISSING Or 职业 IN ('医生')", columns))).toBe(
      "((days-late > 3 and a.b is not missing) or 职业 in ('医生'))",
    );
  });

  test("doubled quotes, in texts and in names", () => {
    expect(parseWhere(`"say ""hi""" = 'it''s'`)).toMatchObject({ column: 'say "hi"', literal: { value: "it's" } });
  });

  test("ProPublica's filter", () => {
    const source =
      "days_b_screening_arrest <= 30 and days_b_screening_arrest >= -30 and is_recid != -1 and c_charge_degree != 'O' and score_text != 'N/A'";
    expect(whereNeeds(parseWhere(source))).toEqual([
      { column: "days_b_screening_arrest", texts: false, numbers: true, missing: false },
      { column: "is_recid", texts: false, numbers: true, missing: false },
      { column: "c_charge_degree", texts: true, numbers: false, missing: false },
      { column: "score_text", texts: true, numbers: false, missing: false },
    ]);
  });

  test("whatever it writes", () => {
    fc.assert(
      fc.property(wheres, (where: Where) => {
        expect(parseWhere(formatWhere(where))).toEqual(where);
      }),
    );
  });
});

describe("refuses, with the place and the cure:", () => {
  test("the caret stands under the fault, also after wide characters", () => {
    expect(fault("race in (Caucasian)")).toBe(
      [
        "data.where, character 10: expected a number or 'text', found Caucasian; write 'Caucasian' for a text",
        "  race in (Caucasian)",
        "           ^",
      ].join("\n"),
    );
    expect(fault("职业 = '😀' und age = 1")).toBe(
      [
        "data.where, character 10: expected and, or, or the end, found und",
        "  职业 = '😀' und age = 1",
        "           ^",
      ].join("\n"),
    );
  });

  test("long filters are shown around the fault only", () => {
    const message = fault(`${"age = 1 and ".repeat(30)}age = = 2 and ${"age = 1 and ".repeat(10)}age = 1`);
    const [, line, caret] = message.split("\n");
    expect(line?.length).toBeLessThan(80);
    expect(line?.[caret?.indexOf("^") ?? 0]).toBe("=");
  });

  test.each([
    ["", "the filter is empty"],
    ["gendr = 1", 'no column "gendr" in data'],
    ["rase = 1", 'no column "rase" in data; did you mean "race"?'],
    ["age == 1", "write = for equality"],
    ["age <> 1", "write != for inequality"],
    ["age = 1 && age = 2", "write and"],
    ["age = 1 || age = 2", "write or"],
    ["!age = 1", "write not"],
    ["age = race", "expected a number or 'text', found race; write 'race' for a text"],
    ["30 >= age", "the column stands on the left"],
    ["'race' = 1", "columns stand bare or in double quotes"],
    ["age", "expected =, !=, <, <=, >, >=, in, not in or is after the column, found the end"],
    ["age is null", "expected missing, found null"],
    ["age in ()", "expected a number or 'text', found )"],
    ["age in (1, 2", "this list is never closed"],
    ["age in 1", "expected ( after in, found 1"],
    ["(age = 1", "this parenthesis is never closed"],
    ["age = 1)", "expected and, or, or the end, found )"],
    ["race = 'x", "this quote is never closed"],
    ['"two words = 1', "this quote is never closed"],
    ['"" = 1', "a column name cannot be empty"],
    ["race = ‘x’", "use straight quotes"],
    ["age not = 1", "expected in, found ="],
    ["age = 1e999", "too large for a number"],
    ["age = 30days", "30days is neither a number nor a name"],
    ["age = 1; drop table x", "unexpected ;"],
    ["and = 1", "expected a column name, found and"],
    [`${"(".repeat(300)}age = 1${")".repeat(300)}`, "nested more than 200 deep"],
  ])("%s", (source, expected) => {
    expect(fault(source)).toContain(expected);
  });

  test("problems come as data for the plan's list", () => {
    expect(whereProblems("age = 1", columns)).toEqual([]);
    expect(whereProblems("rase = 1", columns)).toEqual([
      { at: "data.where", message: 'character 1: no column "rase" in data; did you mean "race"?\n  rase = 1\n  ^' },
    ]);
  });

  test("anything else, always with a typed error", () => {
    const pieces = fc.constantFrom(
      ...[
        "age ",
        "race ",
        "= ",
        "!=",
        "in ",
        "is ",
        "not ",
        "missing ",
        "and ",
        "or ",
        "(",
        ")",
        ",",
        "'a'",
        "-1 ",
        "1.",
      ],
      ...["'", '"', "\n", "😀", "\\", ";", "--", "é"],
    );
    fc.assert(
      fc.property(fc.string({ unit: pieces, maxLength: 12 }), (source) => {
        try {
          parseWhere(source);
        } catch (error) {
          expect(error).toBeInstanceOf(AssayError);
        }
      }),
    );
  });
});
