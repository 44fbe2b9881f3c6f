import type { Reference } from "../../define.ts";

export const references: readonly Reference[] = [
  {
    of: "intervals of counts and rates",
    citation: "F. Garwood, Fiducial limits for the Poisson distribution, Biometrika 28 (1936) 437–442",
    url: "https://doi.org/10.1093/biomet/28.3-4.437",
  },
  {
    of: "the test of equal rates, given how many reports came",
    citation:
      "J. Przyborowski and H. Wilenski, Homogeneity of results in testing samples from Poisson series, Biometrika 31 (1940) 313–323",
    url: "https://doi.org/10.1093/biomet/31.3-4.313",
  },
  {
    of: "where χ² is near enough",
    citation: "W. G. Cochran, Some methods for strengthening the common χ² tests, Biometrics 10 (1954) 417–451",
    url: "https://doi.org/10.2307/3001616",
  },
  {
    of: "the interval of the share found right",
    citation:
      "E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209–212",
    url: "https://doi.org/10.1080/01621459.1927.10502953",
  },
  {
    of: "listening to people affected",
    citation: "NIST AI 100-1, Artificial Intelligence Risk Management Framework (2023), MEASURE 3.3",
    url: "https://doi.org/10.6028/NIST.AI.100-1",
  },
];
