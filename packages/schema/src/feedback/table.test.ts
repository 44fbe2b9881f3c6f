import { describe, expect, it } from "vitest";
import { digestFeedback, type FeedbackCell, gatherFeedback } from "./cells.ts";
import { readFeedbackTable, writeFeedbackTable } from "./table.ts";

const cell = (more: Partial<FeedbackCell>): FeedbackCell => ({
  ...{ month: "2026-03", state: "new", decision: null, group: {}, count: 1 },
  ...more,
});

describe("a table of feedback", () => {
  it("is read from counts, or from one line a report, in any order of columns", () => {
    const counted = readFeedbackTable(
      "count,group.sex,month,state,decision\n2,F,2026-03,new,limit\n1,,2026-04,upheld,\n",
      "f.csv",
    );
    const single = readFeedbackTable(
      '\uFEFFmonth,state,decision,group.sex\r\n2026-03,new,limit,F\r\n2026-04,upheld,,\r\n2026-03,new,"limit",F\r\n\r\n',
      "f.csv",
    );
    expect(single).toEqual(counted);
    expect(counted).toEqual([
      cell({ decision: "limit", group: { sex: "F" }, count: 2 }),
      cell({ month: "2026-04", state: "upheld" }),
    ]);
    expect(readFeedbackTable("group.sex\nF\n", "f.csv")).toEqual([cell({ month: null, group: { sex: "F" } })]);
    expect(readFeedbackTable("month,state\n", "f.csv")).toEqual([]);
  });

  it("leaves out what was withdrawn, and spam", () => {
    expect(readFeedbackTable("state,count\nwithdrawn,3\nspam,4\nnew,0\nnew,1\n", "f.csv")).toEqual([
      cell({ month: null }),
    ]);
  });

  it.each([
    ["=1+1"],
    ["+x"],
    ["-5"],
    ["@a"],
    ["a,b"],
    ['say "no"'],
    ["two\nlines"],
    ["<script>"],
    ["'quoted"],
    ["'=1+1"],
    ["''@x"],
    ["́中文 \u202Ex"],
  ])("comes back as it was written, safe in spreadsheets: %j", (text) => {
    const cells = gatherFeedback([cell({ decision: text, group: { [`c ${text}`]: text }, count: 3 })]);
    const written = writeFeedbackTable(cells);
    expect(written).not.toMatch(/(^|,)"?[=+@-]/m);
    expect(readFeedbackTable(written, "f.csv")).toEqual(cells);
  });

  it.each([
    ["", "is empty"],
    ["\n", "f.csv:1: the table has no header line"],
    ["month,name\n2026-01,Ann\n", 'f.csv:1: column "name" is none of month, state, decision, count or group.<column>'],
    ["month,month\n", 'column "month" stands twice'],
    ["month\n2026-13\n", 'f.csv:2: month "2026-13"; write it as 2026-11'],
    ["state\n\nopen\n", 'f.csv:3: state "open"; there are new, in-review'],
    ["count\n-1\n", 'f.csv:2: count "-1" is no whole number'],
    ["month,count\n2026-01\n", "f.csv:2: 1 fields where the header has 2"],
    ['month\n"2026', "f.csv:2: a quote is opened and not closed"],
  ])("is refused with the line that is wrong: %j", (text, told) => {
    expect(() => readFeedbackTable(text, "f.csv")).toThrow(told);
  });

  it("has one digest, however its reports are ordered or split", () => {
    const [a, b] = [cell({ group: { x: "1", y: "2" } }), cell({ group: { y: "2", x: "1" }, count: 2 })];
    expect(digestFeedback([a, cell({ state: "upheld" }), b])).toBe(
      digestFeedback([cell({ state: "upheld" }), cell({ group: { x: "1", y: "2" }, count: 3 })]),
    );
    expect(digestFeedback([a])).not.toBe(digestFeedback([b]));
  });
});
