import type { Finding } from "@assay/schema";
import { expect, test } from "vitest";
import { groupFindings } from "./group-findings.ts";

const finding = (id: string, verdict: Finding["verdict"], measures: number[] = [0], text = id): Finding => ({
  id,
  verdict,
  severity: "low",
  text: { en: text, "zh-CN": text },
  measures,
});

test("findings stand under what they say, worse first, circumstances last, the same words once", () => {
  const groups = groupFindings([
    finding("data", "info", []),
    finding("better", "pass"),
    finding("worse-1", "fail", [1], "Recall got worse."),
    finding("open", "indeterminate", []),
    finding("worse-2", "fail", [2], "Recall got worse."),
    finding("worse-3", "fail", [3]),
    finding("other", "info", [4]),
  ]);
  expect(groups.map(({ mark, findings }) => [mark, findings.map(({ id }) => id)])).toEqual([
    ["regressed", ["worse-1", "worse-3"]],
    ["improved", ["better"]],
    ["changed", ["other"]],
    ["no-evidence", ["open"]],
    ["note", ["data"]],
  ]);
});
