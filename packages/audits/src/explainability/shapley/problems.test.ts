import { describe, expect, it } from "vitest";
import type { KnownModel } from "../../model-roles.ts";
import type { Roles } from "../../roles.ts";
import { shapleyProblems } from "./problems.ts";
import { shapleyInput } from "./settings.ts";

const about: KnownModel = {
  format: "onnx",
  classes: ["no", "yes"],
  inputs: [],
  link: null,
  output: "probabilities",
  structure: "trees",
};

const problemsOf = (settings: object, model: Partial<KnownModel>) =>
  shapleyProblems(shapleyInput.parse(settings), {
    model: { about: { ...about, ...model }, positive: "yes" },
  } as unknown as Roles);

describe("what has no exact Shapley values", () => {
  it.each(["probability", "log-odds"])(
    "is a classifier whose scores are made of sums in no known way, as %s too",
    (output) => {
      expect(problemsOf({ output }, {})).toMatchObject([
        {
          at: "output",
          message: expect.stringMatching("neither sums of its trees nor a logistic function or softmax of them"),
        },
      ]);
    },
  );

  it("is neither a sum of probabilities nor the log-odds of one", () => {
    expect(problemsOf({}, { link: "identity" })).toEqual([]);
    expect(problemsOf({ output: "log-odds" }, { link: "logistic" })).toEqual([]);
    expect(problemsOf({ output: "log-odds" }, { link: "identity" })).toHaveLength(1);
  });
});
