import type { Reference } from "../../define.ts";
import { baseRate } from "../../metrics/base-rate.ts";

export const references: readonly Reference[] = [
  {
    of: "representation in data sets",
    citation: "H. Suresh and J. Guttag, A framework for understanding sources of harm, EAAMO 2021, 17, 1–9",
    url: "https://doi.org/10.1145/3465416.3483305",
  },
  {
    of: "simultaneous intervals of shares",
    citation:
      "L. A. Goodman, On simultaneous confidence intervals for multinomial proportions, Technometrics 7 (1965) 247–254",
    url: "https://doi.org/10.1080/00401706.1965.10490252",
  },
  {
    of: "where χ² is near enough",
    citation: "W. G. Cochran, Some methods for strengthening the common χ² tests, Biometrics 10 (1954) 417–451",
    url: "https://doi.org/10.2307/3001616",
  },
  {
    of: "weighted rows against a population",
    citation:
      "J. N. K. Rao and A. J. Scott, The analysis of categorical data from complex sample surveys, JASA 76 (1981) 221–230",
    url: "https://doi.org/10.1080/01621459.1981.10477633",
  },
  {
    of: "bias of mutual information",
    citation: "L. Paninski, Estimation of entropy and mutual information, Neural Computation 15 (2003) 1191–1253",
    url: "https://doi.org/10.1162/089976603321780272",
  },
  {
    of: "many features at once",
    citation: "Y. Benjamini and Y. Hochberg, Controlling the false discovery rate, JRSS B 57 (1995) 289–300",
    url: "https://doi.org/10.1111/j.2517-6161.1995.tb02031.x",
  },
  {
    of: "labels of alike people",
    citation:
      "R. Zemel, Y. Wu, K. Swersky, T. Pitassi and C. Dwork, Learning fair representations, ICML 2013, PMLR 28(3) 325–333",
    url: "https://proceedings.mlr.press/v28/zemel13.html",
  },
  {
    of: "neighbours as a look at label noise",
    citation:
      "D. L. Wilson, Asymptotic properties of nearest neighbor rules using edited data, IEEE Trans. SMC 2 (1972) 408–421",
    url: "https://doi.org/10.1109/TSMC.1972.4309137",
  },
  {
    of: "standard error of that agreement",
    citation: "B. Efron and C. Stein, The jackknife estimate of variance, Annals of Statistics 9 (1981) 586–596",
    url: "https://doi.org/10.1214/aos/1176345462",
  },
  {
    of: "proxies of a protected column",
    citation: "S. Barocas and A. D. Selbst, Big data's disparate impact, California Law Review 104 (2016) 671–732",
    url: "https://doi.org/10.15779/Z38BG31",
  },
  baseRate.reference,
];
