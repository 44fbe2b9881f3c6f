import type { Reference } from "../../define.ts";

export const references: readonly Reference[] = [
  {
    of: "Shapley value",
    citation: "L. S. Shapley, in Contributions to the Theory of Games II (1953) 307–317",
    url: "https://doi.org/10.1515/9781400881970-018",
  },
  {
    of: "Shapley values of a model's output",
    citation: "S. M. Lundberg and S.-I. Lee, Advances in Neural Information Processing Systems 30 (2017) 4765–4774",
    url: "https://arxiv.org/abs/1705.07874",
  },
  {
    of: "path-dependent and interventional values of trees",
    citation: "S. M. Lundberg et al., Nature Machine Intelligence 2 (2020) 56–67",
    url: "https://doi.org/10.1038/s42256-019-0138-9",
  },
  {
    of: "background counted once by decision patterns",
    citation:
      "A. Nadel and R. Wettenstein, From Decision Trees to Boolean Logic: A Fast and Unified SHAP Algorithm (2025)",
    url: "https://arxiv.org/abs/2511.09376",
  },
  {
    of: "which background to choose",
    citation: "D. Janzing, L. Minorics and P. Blöbaum, AISTATS (2020), PMLR 108, 2907–2916",
    url: "https://proceedings.mlr.press/v108/janzing20a.html",
  },
];
