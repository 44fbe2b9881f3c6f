import type { Reference } from "../../define.ts";

export const references: readonly Reference[] = [
  {
    of: "equalized odds, and thresholds by group from ROC curves",
    citation: "M. Hardt, E. Price, N. Srebro, Equality of opportunity in supervised learning, NeurIPS 29, 2016",
    url: "https://arxiv.org/abs/1610.02413",
  },
  {
    of: "ROC convex hulls",
    citation: "F. Provost, T. Fawcett, Robust classification for imprecise environments, Machine Learning 42, 2001",
    url: "https://doi.org/10.1023/A:1007601015854",
  },
  {
    of: "reweighing and resampling",
    citation:
      "F. Kamiran, T. Calders, Data preprocessing techniques for classification without discrimination, Knowl. Inf. Syst. 33, 2012",
    url: "https://doi.org/10.1007/s10115-011-0463-8",
  },
  {
    of: "repair of features",
    citation:
      "M. Feldman, S. A. Friedler, J. Moeller, C. Scheidegger, S. Venkatasubramanian, Certifying and removing disparate impact, KDD 2015",
    url: "https://doi.org/10.1145/2783258.2783311",
  },
  {
    of: "exponentiated-gradient reduction",
    citation:
      "A. Agarwal, A. Beygelzimer, M. Dudík, J. Langford, H. Wallach, A reductions approach to fair classification, ICML 2018",
    url: "https://arxiv.org/abs/1803.02453",
  },
  {
    of: "the peak of a concave function by tangents",
    citation: "J. E. Kelley, The cutting-plane method for solving convex programs, J. SIAM 8, 1960",
    url: "https://doi.org/10.1137/0108053",
  },
  {
    of: "the draw that decides a row",
    citation:
      "J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, Parallel random numbers: as easy as 1, 2, 3, SC 2011",
    url: "https://doi.org/10.1145/2063384.2063405",
  },
  {
    of: "replicates in which rules are learned anew, and their intervals",
    citation: "B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap, 1993, chapters 13 and 17",
    url: "https://doi.org/10.1201/9780429246593",
  },
  {
    of: "simultaneous intervals by the greatest |t|",
    citation: "P. H. Westfall, S. S. Young, Resampling-Based Multiple Testing, 1993",
    url: "https://www.wiley.com/en-us/Resampling+Based+Multiple+Testing-p-9780471557616",
  },
  {
    of: "the interval of a change of gaps, from those of the two gaps",
    citation: "G. Y. Zou, A. Donner, Construction of confidence limits about effect measures, Stat. Med. 27, 2008",
    url: "https://doi.org/10.1002/sim.3095",
  },
  {
    of: "the same of estimates that depend on each other",
    citation: "G. Y. Zou, Toward using confidence intervals to compare correlations, Psychological Methods 12, 2007",
    url: "https://doi.org/10.1037/1082-989X.12.4.399",
  },
  {
    of: "the paired test of accuracy and selection",
    citation:
      "Q. McNemar, Note on the sampling error of the difference between correlated proportions, Psychometrika 12, 1947",
    url: "https://doi.org/10.1007/BF02295996",
  },
  {
    of: "its interval",
    citation:
      "A. Agresti, Y. Min, Simple improved confidence intervals for comparing matched proportions, Stat. Med. 24, 2005",
    url: "https://doi.org/10.1002/sim.1781",
  },
];
