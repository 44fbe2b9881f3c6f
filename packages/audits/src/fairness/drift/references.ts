import type { Reference } from "../../define.ts";

export const references: readonly Reference[] = [
  {
    of: "intervals and tests that hold at all looks together",
    citation:
      "S. R. Howard, A. Ramdas, J. McAuliffe and J. Sekhon, Time-uniform, nonparametric, nonasymptotic confidence sequences, Annals of Statistics 49 (2021) 1055–1080",
    url: "https://doi.org/10.1214/20-AOS1991",
  },
  {
    of: "mixtures of likelihood ratios as evidence that may be looked at any time",
    citation:
      "H. Robbins, Statistical methods related to the law of the iterated logarithm, Annals of Mathematical Statistics 41 (1970) 1397–1409",
    url: "https://doi.org/10.1214/aoms/1177696786",
  },
  {
    of: "e-values and e-processes",
    citation:
      "A. Ramdas, P. Grünwald, V. Vovk and G. Shafer, Game-theoretic statistics and safe anytime-valid inference, Statistical Science 38 (2023) 576–601",
    url: "https://doi.org/10.1214/23-STS894",
  },
  {
    of: "the change of a gap, in large samples",
    citation:
      "I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy and A. Ramdas, Time-uniform central limit theory and asymptotic confidence sequences, Annals of Statistics 52 (2024) 2613–2640",
    url: "https://doi.org/10.1214/24-AOS2408",
  },
  {
    of: "changed shares of bins, at all looks together",
    citation:
      "M. Lindon and A. Malek, Anytime-valid inference for multinomial count data, Advances in Neural Information Processing Systems 35 (2022) 2817–2831",
    url: "https://arxiv.org/abs/2011.03567",
  },
  {
    of: "the population stability index and its law in large samples",
    citation:
      "B. Yurdakul and J. Naranjo, Statistical properties of the population stability index, Journal of Risk Model Validation 14 (2020) 89–100",
    url: "https://econpapers.repec.org/article/rskjourn5/7725371.htm",
  },
  {
    of: "the baseline's exact interval",
    citation:
      "C. J. Clopper and E. S. Pearson, The use of confidence or fiducial limits illustrated in the case of the binomial, Biometrika 26 (1934) 404–413",
    url: "https://doi.org/10.1093/biomet/26.4.404",
  },
  {
    of: "adjusted p values",
    citation:
      "S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979) 65–70",
    url: "https://www.jstor.org/stable/4615733",
  },
];
