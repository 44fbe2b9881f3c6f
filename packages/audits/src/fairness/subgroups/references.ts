import type { Reference } from "../../define.ts";

export const references: readonly Reference[] = [
  {
    of: "the score, its bounds, the search by levels",
    citation:
      "S. Sagadeeva, M. Boehm, SliceLine: fast, linear-algebra-based slice finding for ML model debugging, SIGMOD 2021, 2290–2299",
    url: "https://doi.org/10.1145/3448016.3457323",
  },
  {
    of: "slices confirmed on rows that had no part in finding them",
    citation:
      "D. R. Cox, A note on data-splitting for the evaluation of significance levels, Biometrika 62(2), 1975, 441–444",
    url: "https://doi.org/10.1093/biomet/62.2.441",
  },
  {
    of: "exact test of a slice against the rest",
    citation: "R. A. Fisher, Statistical Methods for Research Workers, 5th ed., 1934, section 21.02",
    url: "https://psychclassics.yorku.ca/Fisher/Methods/",
  },
  {
    of: "adjustment over the slices found",
    citation: "Y. Benjamini, Y. Hochberg, Controlling the false discovery rate, JRSS B 57, 1995, 289–300",
    url: "https://doi.org/10.1111/j.2517-6161.1995.tb02031.x",
  },
  {
    of: "intervals of rates",
    citation:
      "E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22, 1927, 209–212",
    url: "https://doi.org/10.1080/01621459.1927.10502953",
  },
  {
    of: "intervals of differences (method 10)",
    citation:
      "R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17, 1998, 873–890",
    url: "https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I",
  },
  {
    of: "smallest detectable difference",
    citation:
      "J. L. Fleiss, B. Levin, M. C. Paik, Statistical Methods for Rates and Proportions, 3rd ed., Wiley, 2003, section 4.3",
    url: "https://doi.org/10.1002/0471445428",
  },
];
