import type { Reference } from "../../define.ts";

export const references: readonly Reference[] = [
  {
    of: "consistency with nearest neighbours",
    citation:
      "R. Zemel, Y. Wu, K. Swersky, T. Pitassi and C. Dwork, Learning fair representations, ICML 2013, PMLR 28(3) 325–333",
    url: "https://proceedings.mlr.press/v28/zemel13.html",
  },
  {
    of: "alike people are to be treated alike",
    citation:
      "C. Dwork, M. Hardt, T. Pitassi, O. Reingold and R. Zemel, Fairness through awareness, ITCS 2012, 214–226",
    url: "https://doi.org/10.1145/2090236.2090255",
  },
  {
    of: "the same measure elsewhere",
    citation: "AI Fairness 360, BinaryLabelDatasetMetric.consistency (counts each person among their own neighbours)",
    url: "https://aif360.readthedocs.io/en/stable/modules/generated/aif360.metrics.BinaryLabelDatasetMetric.html",
  },
  {
    of: "standard error of consistency",
    citation: "B. Efron and C. Stein, The jackknife estimate of variance, Annals of Statistics 9 (1981) 586–596",
    url: "https://doi.org/10.1214/aos/1176345462",
  },
  {
    of: "interval of a share of changed answers",
    citation:
      "E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209–212",
    url: "https://doi.org/10.1080/01621459.1927.10502953",
  },
  {
    of: "what a changed value does not show",
    citation: "M. J. Kusner, J. Loftus, C. Russell and R. Silva, Counterfactual fairness, NeurIPS 2017, 4066–4076",
    url: "https://papers.nips.cc/paper/2017/hash/a486cd07e4ac3d270571622f4f316ec5-Abstract.html",
  },
];
