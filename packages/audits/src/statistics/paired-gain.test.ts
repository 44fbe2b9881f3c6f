import { expect, test } from "vitest";
import { pairedGain } from "./paired-gain.ts";

test("the interval holds 0 exactly where McNemar's test does not rule it out", () => {
  for (const confidence of [0.9, 0.95, 0.99]) {
    for (let better = 0; better <= 30; better++) {
      for (let worse = 0; worse <= 30; worse++) {
        for (const rows of [60, 200, 10_000]) {
          const { interval, p } = pairedGain(better, worse, rows, confidence);
          const excludes = interval.low > 0 || interval.high < 0;
          expect(excludes, `${better} better and ${worse} worse of ${rows} at ${confidence}`).toBe(p <= 1 - confidence);
        }
      }
    }
  }
});
