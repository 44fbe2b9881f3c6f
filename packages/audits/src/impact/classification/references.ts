import type { Reference } from "../../define.ts";
import { classMetrics } from "../../metrics/classes/index.ts";
import { scoreMetrics } from "../../metrics/scores/index.ts";

export const references: readonly Reference[] = [
  ...[...classMetrics, ...scoreMetrics]
    .map((metric) => metric.reference)
    .filter((one, index, all) => all.findIndex((other) => other.of === one.of) === index),
  {
    of: "interval of a share",
    citation: "E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209–212",
    url: "https://doi.org/10.1080/01621459.1927.10502953",
  },
  {
    of: "interval of a mean of shares",
    citation: "G. Y. Zou and A. Donner, Statistics in Medicine 27 (2008) 1693–1702",
    url: "https://doi.org/10.1002/sim.3095",
  },
  {
    of: "interval of other functions of the table (BCa)",
    citation: "B. Efron, Journal of the American Statistical Association 82 (1987) 171–185",
    url: "https://doi.org/10.1080/01621459.1987.10478410",
  },
  {
    of: "interval of an AUC at its ends",
    citation: "R. G. Newcombe, Statistics in Medicine 25 (2006) 559–573",
    url: "https://doi.org/10.1002/sim.2324",
  },
  {
    of: "interval of average precision",
    citation: "K. Boyd, K. H. Eng and C. D. Page, ECML PKDD 2013, 451–466",
    url: "https://doi.org/10.1007/978-3-642-40994-3_29",
  },
  {
    of: "test of calibration",
    citation: "J. Bröcker and L. A. Smith, Weather and Forecasting 22 (2007) 651–661",
    url: "https://doi.org/10.1175/WAF993.1",
  },
  {
    of: "debiased calibration error",
    citation: "A. Kumar, P. Liang and T. Ma, Verified Uncertainty Calibration, NeurIPS 2019",
    url: "https://arxiv.org/abs/1909.10155",
  },
  {
    of: "gain over a constant guess",
    citation: "A. Agresti and Y. Min, Statistics in Medicine 24 (2005) 729–740",
    url: "https://doi.org/10.1002/sim.1781",
  },
  {
    of: "test of the gain",
    citation: "Q. McNemar, Psychometrika 12 (1947) 153–157",
    url: "https://doi.org/10.1007/BF02295996",
  },
];
